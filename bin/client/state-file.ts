import { open, readFile, rename, rm } from 'node:fs/promises';
import type * as z from 'zod';
import { codeOf } from '../../lib/local/fault.ts';
import { misused } from './stop.ts';

/** A JSON file that holds how far a program has come. */
export interface StateFile<State> {
  /** @returns undefined where there is none. */
  read(): Promise<State | undefined>;
  /** Replaces the file as a whole: a reader, and a later run, see the state before or the new one. */
  write(state: State): Promise<void>;
  remove(): Promise<void>;
}

/** @throws Stop, of `read`, where the file holds something else. */
export function stateFile<Shape extends z.ZodType<object>>(path: string, shape: Shape): StateFile<z.output<Shape>> {
  return {
    async read() {
      try {
        return shape.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        return misused(`${path} holds no state of this program. Delete it to begin anew.`);
      }
    },
    async write(state) {
      const next = `${path}.next`;
      const file = await open(next, 'w');
      await file.writeFile(`${JSON.stringify(state)}\n`);
      await file.sync();
      await file.close();
      await rename(next, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

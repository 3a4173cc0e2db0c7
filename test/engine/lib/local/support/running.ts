import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LocalOptions, type LocalStack, startLocal } from '../../../../../lib/local/main.ts';
import { type Fixture, writeAssembly } from './assembly.ts';

/** A directory. The removal waits until a process that was stopped writes no more into it. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'local-run-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) };
}

/** A directory that is gone after the test. */
export function scratch(): string {
  const directory = temporaryDirectory();
  onTestFinished(directory.remove);
  return directory.path;
}

/** An AnyCheck address without a server: these tests call no AnyCheck, so no sandbox is started. */
const NO_ANYCHECK = { anycheckBaseUrl: 'http://127.0.0.1:9', anycheckCredentials: { apiKey: 'unused' } };

/** Runs a hand-written stack in `directory`. */
export function run(fixture: Fixture, directory: string, options: Partial<LocalOptions> = {}): Promise<LocalStack> {
  const assembly = writeAssembly(join(directory, 'assembly'), fixture);
  return startLocal({ ...NO_ANYCHECK, assembly, dataDir: join(directory, 'data'), ...options });
}

/** Runs a hand-written stack until the test is over. */
export async function runHere(fixture: Fixture, options: Partial<LocalOptions> = {}): Promise<LocalStack> {
  const stack = await run(fixture, scratch(), options);
  onTestFinished(() => stack.close());
  return stack;
}

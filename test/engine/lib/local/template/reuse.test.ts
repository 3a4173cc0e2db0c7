import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashOf, INPUTS } from '../../../../../lib/local/template/inputs.ts';
import { makeIfChanged } from '../../../../../lib/local/template/reuse.ts';
import { scratch } from '../support/running.ts';

/** A file of each kind of input. */
const FILES = [
  'bin/app.ts',
  'cdk.json',
  'functions/console/page/main.tsx',
  'functions/docs/browser/page.css',
  'functions/verifications/handler.ts',
  'lib/stack.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];

describe('the hash of the inputs', () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = scratch();
    for (const path of FILES) write(path, 'text');
  });
  const hash = (more?: unknown) => hashOf(root, INPUTS, more);

  it.each(FILES)('changes with each edit of %s, and comes back with it', (file) => {
    const before = hash();
    write(file, 'Text');
    const edited = hash();
    rmSync(join(root, file));
    const removed = hash();
    write(file, 'text');
    expect(new Set([before, edited, removed]).size).toBe(3);
    expect(hash()).toBe(before);
  });

  it('stays where a file changes that a synthesis does not read', () => {
    const before = hash();
    write('docs/api.md', 'Text');
    write('config/prod.json', '{}');
    expect(hash()).toBe(before);
  });

  it('changes with the place of a file, and with where one file ends and the next begins', () => {
    const before = hash();
    write('lib/other.ts', 'text');
    const added = hash();
    rmSync(join(root, 'lib/stack.ts'));
    const moved = hash();
    write('lib/stack.ts', 'texttext');
    write('lib/other.ts', '');
    expect(new Set([before, added, moved, hash()]).size).toBe(4);
  });

  it('changes with what else it covers', () => {
    expect(hash({ context: { a: 1 } })).not.toBe(hash({ context: { a: 2 } }));
  });
});

describe('output', () => {
  let outdir: string;
  let made: string[];
  beforeEach(() => {
    outdir = join(scratch(), 'out');
    made = [];
  });
  const make = (inputs: string) =>
    makeIfChanged({
      outdir,
      inputs,
      async make(directory) {
        made.push(inputs);
        mkdirSync(join(directory, 'folder'));
        writeFileSync(join(directory, 'one'), inputs);
        writeFileSync(join(directory, 'folder', 'two'), '2');
      },
    });
  const text = () => readFileSync(join(outdir, 'one'), 'utf8');

  it('is made once for the same inputs, and anew for others', async () => {
    await make('a');
    await make('a');
    expect(made).toEqual(['a']);
    await make('b');
    await make('a');
    expect([made, text()]).toEqual([['a', 'b', 'a'], 'a']);
  });

  it.each<[string, () => void]>([
    ['is gone', () => rmSync(outdir, { recursive: true })],
    ['lacks a file', () => rmSync(join(outdir, 'folder', 'two'))],
    ['has a file that is cut short', () => writeFileSync(join(outdir, 'folder', 'two'), '')],
    ['has a file too many', () => writeFileSync(join(outdir, 'three'), '')],
    ['has no record', () => rmSync(`${outdir}.json`)],
    [
      'has a record that is cut short',
      () => writeFileSync(`${outdir}.json`, readFileSync(`${outdir}.json`).subarray(9)),
    ],
  ])('is made anew where it %s', async (_, damage) => {
    await make('a');
    damage();
    await make('a');
    expect([made, text()]).toEqual([['a', 'a'], 'a']);
  });

  it('stays as it was where a call is cut short, and takes no file from that call later', async () => {
    await make('a');
    let abandoned = '';
    const cutShort = makeIfChanged({
      outdir,
      inputs: 'b',
      async make(directory) {
        abandoned = directory;
        writeFileSync(join(directory, 'one'), 'half of b');
        throw new Error('killed');
      },
    });
    await expect(cutShort).rejects.toThrow('killed');
    await make('a');
    expect([made, text()]).toEqual([['a'], 'a']);
    // A child of the killed process goes on.
    writeFileSync(join(abandoned, 'three'), 'late');
    await make('b');
    expect([made, text()]).toEqual([['a', 'b'], 'b']);
    expect(readdirSync(join(outdir, '..'))).toEqual(['out', 'out.json']);
    expect(readdirSync(outdir)).toEqual(['folder', 'one']);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../../lib/bundle.ts';

/**
 * KB (1,000 bytes) of what each Lambda loads at once, at most: some percent above what it is. A bundle that grows past it
 * starts slower; what made it grow is better loaded on demand, or not at all.
 */
const CEILINGS: Readonly<Record<string, number>> = {
  audit: 225,
  auth: 230,
  // GET / and what HEAD and Accept-Encoding require: 2 KB.
  docs: 44,
  erasure: 294,
  groups: 299,
  health: 259,
  'health-deep': 300,
  history: 317,
  'not-found': 8,
  // 4 KB for the assessment of answers, content codings and waiting headers; 6 KB for due times and unordered lists; 22 KB
  // to announce: events, their records and marks, and what their schemas use of zod.
  refresh: 366,
  sweep: 282,
  // 1.8 KB for HEAD, If-Modified-Since, as_of with a Last-Modified, Cache-Control and Vary; 6 KB for due times, the order
  // of items, and rows with damaged or unbounded values; 2 KB for the marks of what is announced, and their due times.
  verifications: 320,
  webhook: 325,
};

const FUNCTIONS = new URL('../../../functions/', import.meta.url);
const folders = readdirSync(FUNCTIONS).filter((folder) =>
  statSync(new URL(`${folder}/handler.ts`, FUNCTIONS), { throwIfNoEntry: false }),
);

let directory: string;
let bundles: Map<string, Bundle>;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  bundles = new Map(folders.map((folder) => [folder, bundle(folder, join(directory, folder))]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const bytes = (folder: string) => statSync(join(directory, folder, 'index.js')).size;
const atOnce = (folder: string) => Object.keys(bundles.get(folder)?.atOnce ?? {});
const files = (folder: string, inside: string) =>
  Object.fromEntries(
    readdirSync(join(inside, folder)).map((name) => [name, readFileSync(join(inside, folder, name), 'utf8')]),
  );

describe('the bundles', () => {
  it('are those of the functions there are', () => {
    expect(folders).toEqual(Object.keys(CEILINGS));
  });

  it.each(folders)('of %s is no larger than it has to be', (folder) => {
    expect(bytes(folder)).toBeLessThanOrEqual((CEILINGS[folder] ?? 0) * 1000);
  });

  it.each(folders)('of %s reads credentials from the environment alone', (folder) => {
    const { atOnce = {}, onDemand = {} } = bundles.get(folder) ?? {};
    const all = Object.keys({ ...atOnce, ...onDemand });
    expect(all.filter((path) => path.includes('node_modules/@aws-sdk/credential-provider'))).toEqual([]);
  });

  it.each(folders)('of %s reads settings from the environment alone', (folder) => {
    const readsFiles = Object.entries(files(folder, directory)).filter(([, text]) => text.includes('fs/promises'));
    expect(readsFiles.map(([name]) => name)).toEqual([]);
  });

  it.each(folders)('of %s has no more of zod than it uses', (folder) => {
    const { atOnce = {}, onDemand = {} } = bundles.get(folder) ?? {};
    expect(Object.keys({ ...atOnce, ...onDemand }).filter((path) => path.includes('zod/v4/classic'))).toEqual([]);
  });

  it('of the description serves it as a file: it has no schema but of its own routes, and nothing that writes schemas', () => {
    const all = atOnce('docs');
    expect(all.filter((path) => /^functions\/.*routes\.ts$/.test(path))).toEqual(['functions/docs/routes.ts']);
    expect(all.filter((path) => /^lib\/|json-schema/.test(path))).toEqual([]);
  });

  it('of reads begins without what a reader who finds a fresh snapshot does without', () => {
    const own = atOnce('verifications').filter((path) => path.startsWith('functions/'));
    const needless =
      /anycheck(?!-env)|secret|sqs|refresh-queue|event-bus|budget|limiter|domain\/(events\/[a-z-]+|refresh\/(refresh|fetch-consistent|fetch-pages|publish)|group\/change|upstream\/(?!errors)[a-z-]+)\.ts/;
    expect(own.filter((path) => needless.test(path))).toEqual([]);
    const later = Object.keys(bundles.get('verifications')?.onDemand ?? {}).join();
    for (const part of [
      'runtime/anycheck.ts',
      'refresh/refresh.ts',
      'refresh/fetch-consistent.ts',
      'aws/refresh-queue.ts',
    ]) {
      expect(later).toContain(part);
    }
  });

  it('of the worker alone has the client of EventBridge, and loads it with the first event', () => {
    const isOfBus = (path: string) => /client-eventbridge|functions\/adapters\/aws\/event-bus\.ts/.test(path);
    const having = folders.filter((folder) => {
      const { atOnce: first = {}, onDemand = {} } = bundles.get(folder) ?? {};
      return Object.keys({ ...first, ...onDemand }).some(isOfBus);
    });
    expect(having).toEqual(['refresh']);
    expect(atOnce('refresh').filter(isOfBus)).toEqual([]);
  });

  it('are the same whenever and wherever they are made', () => {
    const elsewhere = join(directory, 'elsewhere', 'again');
    bundle('verifications', join(elsewhere, 'verifications'));
    expect(files('verifications', elsewhere)).toEqual(files('verifications', directory));
  });
});

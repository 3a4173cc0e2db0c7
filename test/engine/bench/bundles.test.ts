import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle, functionFolders } from '../../../lib/bundle.ts';

/**
 * KB (1,000 bytes) of what each Lambda loads at once, at most: some percent above what it is. A bundle that grows past it
 * starts slower; what made it grow is better loaded on demand, or not at all.
 */
const CEILINGS: Readonly<Record<string, number>> = {
  'anycheck-webhook': 302,
  'api-keys': 266,
  audit: 225,
  auth: 230,
  // As docs, without the check of tokens.
  console: 45,
  // Endpoints, deliveries and their states, signatures, encryption, and the check of addresses.
  deliver: 327,
  dispatch: 270,
  // GET / and what HEAD and Accept-Encoding require: 2 KB; 2 KB to compress, which every function with a GET has.
  docs: 48,
  erasure: 289,
  // 6 KB to check API keys, and 1 KB to list from a time and to tell people from machines.
  groups: 304,
  health: 243,
  'health-deep': 291,
  history: 312,
  // Mostly the names of metrics, and what writes log lines.
  'not-found': 9,
  // 4 KB for the assessment of answers, content codings and waiting headers; 6 KB for due times and unordered lists; 22 KB
  // to announce: events, their records and marks, and what their schemas use of zod.
  refresh: 361,
  sweep: 265,
  // 1.8 KB for HEAD, If-Modified-Since, as_of with a Last-Modified, Cache-Control and Vary; 6 KB for due times, the order
  // of items, and rows with damaged or unbounded values; 2 KB for the marks of what is announced, and their due times.
  verifications: 324,
  'webhook-endpoints': 350,
  whoami: 43,
};

const folders = functionFolders();

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
  it('are made of functions/ and of what is installed alone, which the local run compares before it reuses them', () => {
    const modules = new Set(
      [...bundles.values()].flatMap(({ atOnce, onDemand }) => Object.keys({ ...atOnce, ...onDemand })),
    );
    expect([...modules].filter((path) => !/^(functions|node_modules)\//.test(path))).toEqual([]);
  });

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

  it('of the functions that announce alone have the client of EventBridge, and load it with the first event', () => {
    const isOfBus = (path: string) => /client-eventbridge|functions\/adapters\/aws\/event-bus\.ts/.test(path);
    const having = folders.filter((folder) => {
      const { atOnce: first = {}, onDemand = {} } = bundles.get(folder) ?? {};
      return Object.keys({ ...first, ...onDemand }).some(isOfBus);
    });
    expect(having).toEqual(['deliver', 'refresh', 'webhook-endpoints']);
    expect(having.flatMap(atOnce).filter(isOfBus)).toEqual([]);
  });

  it('of every function lack the libraries of a cache that the DynamoDB client creates and never uses', () => {
    const all = folders.flatMap(atOnce);
    expect(all.filter((path) => /mnemonist|obliterator|@aws-sdk\/endpoint-cache/.test(path))).toEqual([]);
  });

  it('are the same whenever and wherever they are made', () => {
    const elsewhere = join(directory, 'elsewhere', 'again');
    bundle('verifications', join(elsewhere, 'verifications'));
    expect(files('verifications', elsewhere)).toEqual(files('verifications', directory));
  });
});

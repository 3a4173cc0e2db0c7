import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile, transformSync } from 'esbuild';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** The Lambdas, a folder each. */
export const FUNCTIONS = join(PROJECT, 'functions');

/** In a Lambda, credentials stand in the environment: what the SDK has to look for them elsewhere is a third of a client. */
const CREDENTIALS = '@aws-sdk/credential-provider-node';

/** The SDK also looks for its settings in files, of which a Lambda has none: it needn't load what reads them. */
const FILES = 'node:fs/promises';

const COMMON = {
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;
const INDEX = 'index.js';

/** One file of a bundle: the modules in it, by their paths, and the bytes that it has of each before it is made CommonJS. */
type Contents = Readonly<Record<string, { readonly bytesInOutput: number }>>;

export interface Bundle {
  /** Of `index.js`, which a start loads. */
  readonly atOnce: Contents;
  /** Of what is loaded where the code says `await import(…)`. */
  readonly onDemand: Contents;
}

/**
 * Bundles a Lambda, in two steps: esbuild splits ES modules alone, while CommonJS loads faster, and one file faster than
 * several. So what a start needs is put together again, and what is loaded on demand finds there what both have in common.
 * @param folder below `functions/`. @param outdir made if need be.
 */
export function bundle(folder: string, outdir: string): Bundle {
  const modules = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { outputs } = split(folder, modules);
    const index = Object.keys(outputs).find((name) => basename(name) === INDEX) ?? '';
    const atOnce = reached(outputs, index, ['import-statement']);
    // esbuild also writes what is only asked for by code that it has left out.
    const all = reached(outputs, index, ['import-statement', 'dynamic-import']);
    const onDemand = [...all].filter((name) => !atOnce.has(name));
    mkdirSync(outdir, { recursive: true });
    writeFileSync(join(outdir, INDEX), joined(modules, [...atOnce], onDemand));
    for (const name of onDemand)
      writeFileSync(join(outdir, basename(name)), lazy(join(modules, basename(name)), atOnce));
    const contents = (some: Iterable<string>): Contents =>
      Object.assign({}, ...Array.from(some, (name) => outputs[name]?.inputs));
    return { atOnce: contents(atOnce), onDemand: contents(onDemand) };
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

/** ES modules: the handler's, those that several need, and one for each `import(…)`. */
const split = (folder: string, outdir: string): Metafile =>
  buildSync({
    ...COMMON,
    absWorkingDir: PROJECT,
    entryPoints: { index: join(FUNCTIONS, folder, 'handler.ts') },
    outdir,
    metafile: true,
    bundle: true,
    splitting: true,
    // The hash is of paths, too: those of the project, wherever it and its packages are.
    chunkNames: '[name]-[hash]',
    preserveSymlinks: true,
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: {
      [CREDENTIALS]: join(FUNCTIONS, 'adapters', 'bundle-shims', 'credential-provider-node.ts'),
      [FILES]: join(FUNCTIONS, 'adapters', 'bundle-shims', 'settings-files.ts'),
    },
    // Stack traces in the logs are read by people: that is worth 20 KB and a fiftieth of a cold start.
    keepNames: true,
  }).metafile;

/** What is reached from a file by imports of some kinds, the file itself included. */
function reached(outputs: Metafile['outputs'], from: string, kinds: readonly string[], found = new Set<string>()) {
  const output = outputs[from];
  if (!output || found.has(from)) return found;
  found.add(from);
  for (const { kind, path } of output.imports) if (kinds.includes(kind)) reached(outputs, path, kinds, found);
  return found;
}

/** What `index.js` calls a module for those who are loaded later. */
const exportName = (name: string) => `$${basename(name, '.js').replace('-', '_')}`;

/** One CommonJS file of what a start needs. */
function joined(modules: string, names: readonly string[], onDemand: readonly string[]): string {
  const shared = names.filter((name) => basename(name) !== INDEX && onDemand.length > 0);
  const exports = shared.map((name) => `export * as ${exportName(name)} from './${basename(name)}';`);
  const { outputFiles } = buildSync({
    ...COMMON,
    absWorkingDir: modules,
    stdin: { contents: [`export { handler } from './${INDEX}';`, ...exports].join('\n'), resolveDir: modules },
    outfile: join(modules, INDEX),
    write: false,
    bundle: true,
    format: 'cjs',
    external: onDemand.map((name) => join(modules, basename(name))),
    supported: REQUIRED,
  });
  return outputFiles[0]?.text ?? '';
}

/** A CommonJS file of what is loaded later. */
function lazy(file: string, atOnce: ReadonlySet<string>): string {
  const { code } = transformSync(readFileSync(file, 'utf8'), { ...COMMON, format: 'cjs', supported: REQUIRED });
  return [...atOnce].reduce(
    (text, name) => text.replace(`require("./${basename(name)}")`, `require("./${INDEX}").${exportName(name)}`),
    code,
  );
}

/** `import(…)` becomes a promise of `require(…)`. */
const REQUIRED = { 'dynamic-import': false };

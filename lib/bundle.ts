import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile, transformSync } from 'esbuild';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** The directory of the Lambdas, one folder each. */
export const FUNCTIONS = join(PROJECT, 'functions');

/** The folders of the Lambdas: those with a handler. */
export const functionFolders = (): string[] =>
  readdirSync(FUNCTIONS).filter((folder) => statSync(join(FUNCTIONS, folder, 'handler.ts'), { throwIfNoEntry: false }));

/** The environment variable with the directory of bundles that the local run has made. A deployment makes its own. */
export const BUNDLES = 'LOCAL_RUN_BUNDLES';

/**
 * Lambda puts credentials into the environment. The SDK's other credential providers are a third of a client's size.
 */
const CREDENTIALS = '@aws-sdk/credential-provider-node';

/** The DynamoDB client's cache of discovered endpoints, with the libraries of a cache: none of its commands uses it. */
const ENDPOINT_CACHE = '@aws-sdk/endpoint-cache';

/** The SDK also reads settings from files. A Lambda has none, so a shim replaces the module that reads them. */
const FILES = 'node:fs/promises';

const COMMON = {
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;
const INDEX = 'index.js';

/** One file of a bundle: the path of each module in it, with the module's bytes before the conversion to CommonJS. */
type Contents = Readonly<Record<string, { readonly bytesInOutput: number }>>;

export interface Bundle {
  /** Contents of `index.js`, which a cold start loads. */
  readonly atOnce: Contents;
  /** Contents of the files that `await import(…)` loads. */
  readonly onDemand: Contents;
}

/**
 * Bundles a Lambda in two steps. esbuild splits only ES modules, but CommonJS loads faster, and one file loads faster
 * than several. The second step therefore joins the modules of a cold start into one CommonJS file. Modules that load
 * on demand import the shared code from that file.
 * @param folder below `functions/`. @param outdir created where it is missing.
 */
export function bundle(folder: string, outdir: string): Bundle {
  const modules = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { outputs } = split(folder, modules);
    const index = Object.keys(outputs).find((name) => basename(name) === INDEX) ?? '';
    const atOnce = reached(outputs, index, ['import-statement']);
    // esbuild also writes files that only removed code imports.
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

/** Writes ES modules: the handler's, the shared ones, and one for each `import(…)`. */
const split = (folder: string, outdir: string): Metafile =>
  buildSync({
    ...COMMON,
    absWorkingDir: PROJECT,
    entryPoints: { index: join(FUNCTIONS, folder, 'handler.ts') },
    outdir,
    metafile: true,
    bundle: true,
    splitting: true,
    // The hash covers module paths. Project-relative paths make it independent of where the project is.
    chunkNames: '[name]-[hash]',
    preserveSymlinks: true,
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: {
      [CREDENTIALS]: join(FUNCTIONS, 'adapters', 'bundle-shims', 'credential-provider-node.ts'),
      [ENDPOINT_CACHE]: join(FUNCTIONS, 'adapters', 'bundle-shims', 'endpoint-cache.ts'),
      [FILES]: join(FUNCTIONS, 'adapters', 'bundle-shims', 'settings-files.ts'),
    },
    // Readable stack traces in the logs cost 20 KB and 2 % of a cold start.
    keepNames: true,
  }).metafile;

/** The output files that a file reaches through imports of these kinds, including the file itself. */
function reached(outputs: Metafile['outputs'], from: string, kinds: readonly string[], found = new Set<string>()) {
  const output = outputs[from];
  if (!output || found.has(from)) return found;
  found.add(from);
  for (const { kind, path } of output.imports) if (kinds.includes(kind)) reached(outputs, path, kinds, found);
  return found;
}

/** The name under which `index.js` exports a shared module to the files that load on demand. */
const exportName = (name: string) => `$${basename(name, '.js').replace('-', '_')}`;

/** The text of the one CommonJS file that a cold start loads. */
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

/** The text of a CommonJS file that loads on demand. */
function lazy(file: string, atOnce: ReadonlySet<string>): string {
  const { code } = transformSync(readFileSync(file, 'utf8'), { ...COMMON, format: 'cjs', supported: REQUIRED });
  return [...atOnce].reduce(
    (text, name) => text.replace(`require("./${basename(name)}")`, `require("./${INDEX}").${exportName(name)}`),
    code,
  );
}

/** Makes esbuild turn `import(…)` into a promise of `require(…)`. */
const REQUIRED = { 'dynamic-import': false };

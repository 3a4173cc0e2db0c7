import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { licences } from '../../bin/licences.ts';
import { bundle, FUNCTIONS } from '../../lib/bundle.ts';

const Package = z.object({
  version: z.string(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  link: z.boolean().default(false),
  /** Comes inside the package above it, whose integrity is its own. */
  inBundle: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
});
const Lock = z.object({ packages: z.record(z.string(), Package) });
const Dependencies = z.record(z.string(), z.string()).default({});
const Project = z.object({
  dependencies: Dependencies,
  devDependencies: Dependencies,
  optionalDependencies: Dependencies,
  allowScripts: z.record(z.string(), z.boolean()),
});

const parsed = <S extends z.ZodType>(schema: S, file: string): z.output<S> =>
  schema.parse(JSON.parse(readFileSync(file, 'utf8')));
const { packages } = parsed(Lock, 'package-lock.json');
const project = parsed(Project, 'package.json');
const installed = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');
const names = (of: typeof installed) => of.map(([path]) => nameOf(path));
const production = installed.filter(([, { dev }]) => !dev);

/** Those that ask for their notice to be kept, and for nothing else. */
const ACCEPTED_LICENCES = ['0BSD', 'Apache-2.0', 'ISC', 'MIT', 'Unlicense'];

describe('the lockfile', () => {
  it('holds every package to its bytes, and says of none where it comes from', () => {
    expect(installed.length).toBeGreaterThan(300);
    expect(names(installed.filter(([, one]) => !one.inBundle && !one.integrity?.startsWith('sha512-')))).toEqual([]);
    expect(names(installed.filter(([, one]) => one.resolved !== undefined || one.link))).toEqual([]);
  });

  it('has what package.json requires, in the version that stands there: no range, address or file', () => {
    const required = { ...project.dependencies, ...project.devDependencies, ...project.optionalDependencies };
    expect(
      Object.fromEntries(Object.keys(required).map((name) => [name, packages[`node_modules/${name}`]?.version])),
    ).toEqual(required);
  });
});

describe('the packages of production code', () => {
  it('are under licences that require their notice alone', () => {
    expect(production.length).toBeGreaterThan(30);
    expect(
      production.filter(([, { license }]) => !ACCEPTED_LICENCES.includes(license ?? '')).map(([path]) => path),
    ).toEqual([]);
  });

  it('are listed as `npm run licences` lists them', () => {
    expect(readFileSync('docs/licences.md', 'utf8')).toBe(licences());
  });

  it('are all that a bundle is made of, and none of those has to run anything to be installed', () => {
    const directory = mkdtempSync(join(tmpdir(), 'dependencies-'));
    const folders = readdirSync(FUNCTIONS).filter((one) =>
      statSync(join(FUNCTIONS, one, 'handler.ts'), { throwIfNoEntry: false }),
    );
    const bundled = folders.flatMap((folder) => {
      const { atOnce, onDemand } = bundle(folder, join(directory, folder));
      return Object.keys({ ...atOnce, ...onDemand }).flatMap((path) => IN_PACKAGE.exec(path)?.[0] ?? []);
    });
    rmSync(directory, { recursive: true, force: true });
    // The viewer of the description is packed beside its bundle, as it is.
    const used = new Set([...bundled, 'node_modules/swagger-ui-dist']);
    expect(used.size).toBeGreaterThan(15);
    const found = [...used].map((path) => ({ path, package: packages[path] }));
    expect(found.filter((one) => one.package === undefined || one.package.dev)).toEqual([]);
    expect(found.filter((one) => one.package?.hasInstallScript)).toEqual([]);
  });

  it('are installed without a script, but for the Node.js of npm’s own scripts', () => {
    const scripted = production.filter(([path, one]) => one.hasInstallScript && project.allowScripts[nameOf(path)]);
    expect(names(scripted)).toEqual(['node']);
    expect(scripted.every(([, { optional }]) => optional)).toBe(true);
    const undecided = installed.filter(
      ([path, one]) => one.hasInstallScript && !(nameOf(path) in project.allowScripts),
    );
    expect(names(undecided)).toEqual(NEEDLESS);
  });
});

/** Its script builds what it brings along already built. */
const NEEDLESS = ['classic-level'];

/** The path of the package that a module is in, however deep that is itself. */
const IN_PACKAGE = /^.*node_modules\/(@[^/]+\/)?[^/]+/;

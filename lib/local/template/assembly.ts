import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalFault, messageOf } from '../fault.ts';
import { Template } from './template.ts';

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const StackProperties = z.object({ templateFile: z.string(), stackName: z.string().optional() });
const AssetManifestProperties = z.object({ file: z.string() });
const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** A cloud assembly: one stack and the bundles of its functions. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** The directory that a deployment would zip to this object key. @throws LocalFault where it is missing. */
  asset(objectKey: string): string;
}

/**
 * Reads a cloud assembly.
 * @param replacements text to replace in the template, for values that are known only after the start of the run.
 * @throws LocalFault when the directory holds no usable cloud assembly of exactly one stack.
 */
export async function readAssembly(
  directory: string,
  replacements: Readonly<Record<string, string>> = {},
): Promise<Assembly> {
  const manifest = parse(Manifest, await textOf(directory, 'manifest.json'), 'manifest.json');
  const artifacts = Object.entries(manifest.artifacts);
  const stacks = artifacts.filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new LocalFault(`${directory} holds ${stacks.length} stacks; the local run takes exactly one.`);
  }
  const { templateFile, stackName } = StackProperties.parse(stack[1].properties);

  const assets = new Map<string, string>();
  for (const [, artifact] of artifacts.filter(([, one]) => one.type === 'cdk:asset-manifest')) {
    const { file } = AssetManifestProperties.parse(artifact.properties);
    const { files } = parse(AssetManifest, await textOf(directory, file), file);
    for (const { source, destinations } of Object.values(files)) {
      if (source.path === undefined || source.packaging !== 'zip') continue;
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(directory, source.path));
    }
  }

  let templateText = await textOf(directory, templateFile);
  for (const [from, to] of Object.entries(replacements)) templateText = templateText.replaceAll(from, to);
  return {
    stackName: stackName ?? stack[0],
    template: parse(Template, templateText, templateFile),
    asset(objectKey) {
      const path = assets.get(objectKey);
      if (path === undefined || !existsSync(path)) {
        throw new LocalFault(`The cloud assembly in ${directory} has no directory for the asset ${objectKey}.`);
      }
      return path;
    },
  };
}

async function textOf(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), 'utf8');
  } catch (cause) {
    throw new LocalFault(`${directory} is not a cloud assembly: ${messageOf(cause)}.`, { cause });
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, file: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LocalFault(`${file} does not have the CDK's format: ${messageOf(cause)}`, { cause });
  }
}

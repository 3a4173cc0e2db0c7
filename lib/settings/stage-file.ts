import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { flag } from './from-text.ts';
import { JsonFault, parseJson } from './parse-json.ts';
import { LOCAL_STAGE, stage as Stage } from './stage.ts';

/** The key of the CDK context that makes a stage's file a requirement. It is no setting: a file cannot require itself. */
export const REQUIRE_CONFIG = 'require_config';

/** The settings in a stage's file, as they are written there, without comments and without values that are `null`. */
export interface StageFile {
  /** From the project's root, for sentences. */
  readonly path: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The keys of `settings` that also stand in the context of cdk.json. */
  readonly repeated: readonly string[];
}

export interface Origin {
  /** The project's root, which has the folder `config` and cdk.json. */
  readonly root: string;
  /** The CDK context. Its `stage` decides which file is read. */
  readonly context: Readonly<Record<string, unknown>>;
  /** The environment. `REQUIRE_CONFIG` counts where the context has no `require_config`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `config/<stage>.json`. The stage `local` has no file: `npm start` and the tests run the same everywhere.
 * @returns undefined where there is no such file, or where the stage's name is not usable.
 * @throws Error with one sentence that names the file, if it is required and absent, or is not a JSON object.
 */
export function readStageFile({ root, context, env }: Origin): StageFile | undefined {
  const isRequired = requiresFile(context, env);
  const { success, data: stage } = Stage.safeParse(context.stage);
  if (!success) return undefined;
  const path = `config/${stage}.json`;
  const text = stage === LOCAL_STAGE ? undefined : textOf(root, path);
  if (text !== undefined) {
    const settings = settingsOf(path, text, stage);
    const shared = contextOfCdkJson(root);
    return { path, settings, repeated: Object.keys(settings).filter((key) => Object.hasOwn(shared, key)) };
  }
  if (!isRequired) return undefined;
  throw new Error(
    stage === LOCAL_STAGE
      ? `The stage ${LOCAL_STAGE} belongs to npm start and has no file, but ${REQUIRE_CONFIG} is set.`
      : `${path} does not exist, but ${REQUIRE_CONFIG} is set. Either the stage "${stage}" is misspelt, or its file is ` +
          'not in this copy of the project.',
  );
}

function requiresFile(context: Origin['context'], env: Origin['env']): boolean {
  const given = context[REQUIRE_CONFIG];
  if (given !== undefined) {
    const { success, data } = flag.safeParse(given);
    if (success) return data;
    throw new Error(`Setting "${REQUIRE_CONFIG}" is not usable: must be true or false.`);
  }
  const variable = env.REQUIRE_CONFIG ?? '';
  if (['1', 'true'].includes(variable)) return true;
  if (['', '0', 'false'].includes(variable)) return false;
  throw new Error('The environment variable REQUIRE_CONFIG is not usable: must be 1 or 0.');
}

/** JSON has no comments. Keys with two slashes at their start take their place. */
const isComment = (key: string) => key.startsWith('//');

/** Unlike `z.record`, this keeps a key named `__proto__`, which is refused as any unknown one. */
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object without comments and without keys whose value is `null`, and the same of each object in it. */
const withoutComments = (all: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([key, value]) => !isComment(key) && value !== null)
      .map(([key, value]) => [key, isObject(value) ? withoutComments(value) : value]),
  );

function settingsOf(path: string, text: string, stage: string): Record<string, unknown> {
  const data = jsonOf(path, text);
  if (!isObject(data)) throw new Error(`${path} is not usable: must be a JSON object.`);
  const { $schema: _, ...settings } = withoutComments(data);
  if (settings.stage !== undefined && settings.stage !== stage) {
    throw new Error(`Setting "stage" in ${path} is not usable: must be ${stage}, as the file's name.`);
  }
  return settings;
}

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/** The context of all stages, to which the CDK adds that of the command line. */
function contextOfCdkJson(root: string): Readonly<Record<string, unknown>> {
  const text = textOf(root, 'cdk.json');
  return text === undefined ? {} : CdkJson.parse(JSON.parse(text)).context;
}

function textOf(root: string, path: string): string | undefined {
  const bytes = bytesOf(root, path);
  if (bytes && !isUtf8(bytes)) throw new Error(`${path} is not usable: must be text in UTF-8.`);
  // Some editors put a byte order mark first. TextDecoder leaves it out.
  return bytes && new TextDecoder().decode(bytes);
}

function bytesOf(root: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(root, path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read: ${code}.`, { cause: error });
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return parseJson(text, isComment);
  } catch (error) {
    if (error instanceof JsonFault) throw new Error(`${path} is not usable: ${error.message}.`, { cause: error });
    throw error;
  }
}

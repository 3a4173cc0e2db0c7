import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { templateOf } from '../../fakes/template.ts';

const FunctionResource = z.object({
  Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
});
const Module = z.object({ Env: z.object({ shape: z.record(z.string(), z.unknown()) }) });

/** Set by Lambda itself, so that the template does not have it. */
const OF_LAMBDA = ['LAMBDA_TASK_ROOT', 'AWS_REGION'];
/** Read by the Node.js runtime, not by a function's code. */
const OF_NODE = ['NODE_OPTIONS'];

/** Constructs that are not called like their folders, by folder. */
const RENAMED: Readonly<Record<string, string>> = { audit: 'AuditForwarder', 'anycheck-webhook': 'Webhook' };

it('every function gets exactly the variables that it parses', async () => {
  const functions = Object.entries(templateOf().findResources('AWS::Lambda::Function'));
  const folders = globSync('functions/*/env.ts', { exclude: ['functions/runtime'] }).map((file) =>
    basename(dirname(file)),
  );
  expect(folders.length).toBeGreaterThan(10);
  for (const folder of folders) {
    const prefix = RENAMED[folder] ?? folder.replaceAll('-', '');
    const found = functions.filter(([id]) => id.toLowerCase().startsWith(`${prefix}function`.toLowerCase()));
    expect(found, `functions of the folder ${folder}`).toHaveLength(1);
    const { Variables } = FunctionResource.parse(found[0]?.[1]).Properties.Environment;
    const { Env } = Module.parse(await import(`../../../functions/${folder}/env.ts`));
    const parsed = Object.keys(Env.shape).filter((name) => !OF_LAMBDA.includes(name));
    const set = Object.keys(Variables).filter((name) => !OF_NODE.includes(name));
    expect(set.sort(), `variables of functions/${folder}/env.ts`).toEqual(parsed.sort());
  }
});

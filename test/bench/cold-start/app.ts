import { join } from 'node:path';
import * as z from 'zod';
import { runtimeEnvironment, type ServiceEndpoints } from '../../../lib/local/lambda/environment.ts';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { labelOf } from '../../../lib/local/template/label.ts';
import { openStack } from '../../../lib/local/template/stack.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { FIRST } from './events.ts';
import type { Candidate } from './measure.ts';

const Properties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }).default({ Variables: {} }),
});

/** Every Lambda of the app, its bundle and environment as synthesized, AWS at an address of ours. */
export async function lambdasOfTheApp(directory: string, awsUrl: string): Promise<Candidate[]> {
  const assembly = await readAssembly(await synthesize({ outdir: join(directory, 'cdk.out') }));
  const stack = openStack(assembly, { gateway: awsUrl, queues: awsUrl });
  return stack.resources('AWS::Lambda::Function').map((resource) => {
    const { Code, Environment } = resource.properties(Properties);
    const name = labelOf(resource, stack.name);
    const first = FIRST[name];
    if (!first) throw new Error(`${name} has no first event`);
    const task = assembly.asset(Code.S3Key);
    return { name, task, env: { ...Environment.Variables, ...environment(name, task, awsUrl) }, first };
  });
}

/** What Lambda puts into any function's environment. */
export function environment(name: string, directory: string, awsUrl: string): Record<string, string> {
  const runtime = {
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memory: 1024,
    logGroup: 'bench',
    logStream: 'bench',
  };
  const all: ServiceEndpoints = {
    dynamodb: awsUrl,
    sqs: awsUrl,
    eventBridge: awsUrl,
    secretsManager: awsUrl,
    cognito: awsUrl,
    logs: awsUrl,
  };
  return { ...runtimeEnvironment({ name, directory, ...runtime }, all), AWS_SESSION_TOKEN: 'session' };
}

import type * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { ACCOUNT, PARTITION, REGION } from '../names.ts';
import type { Assembly } from './assembly.ts';
import { type Endpoints, type Identity, identityOf } from './identities.ts';
import { type References, resolve } from './intrinsics.ts';
import type { TemplateResource } from './template.ts';

/** A resource of the stack, with its name on this machine. */
export interface Resource extends Identity {
  readonly logicalId: string;
  readonly type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Undefined where CloudFormation creates the resource unconditionally. */
  readonly condition: string | undefined;
  /**
   * The parsed properties, with all references resolved.
   * @throws LocalFault with one sentence that names the first property that the schema rejects.
   */
  properties<T>(schema: z.ZodType<T>): T;
}

/** The synthesized template with the names of this run. */
export interface Stack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly all: readonly Resource[];
  resources(type: string): readonly Resource[];
}

export function openStack(assembly: Assembly, endpoints: Endpoints): Stack {
  const { stackName, template } = assembly;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': PARTITION,
    'AWS::Region': REGION,
  };
  const identity = (logicalId: string, { Type, Properties }: TemplateResource) =>
    identityOf(Type, { id: `${stackName}-${logicalId}`, properties: Properties, endpoints });
  const references: References = {
    ref(name) {
      const value = pseudo[name];
      if (value !== undefined) return value;
      const resource = template.Resources[name];
      if (resource !== undefined) return identity(name, resource).ref;
      throw new LocalFault(`The template refers to ${name}, which is not in it.`);
    },
    attribute(logicalId, name) {
      const resource = template.Resources[logicalId];
      if (resource === undefined) throw new LocalFault(`The template refers to ${logicalId}, which is not in it.`);
      const value = identity(logicalId, resource).attributes[name];
      if (value !== undefined) return value;
      throw new LocalFault(
        `The template uses ${logicalId}.${name} (${resource.Type}), which the local run does not support.`,
      );
    },
  };
  const all = Object.entries(template.Resources).map(
    ([logicalId, resource]): Resource => ({
      ...identity(logicalId, resource),
      logicalId,
      type: resource.Type,
      metadata: resource.Metadata,
      condition: resource.Condition,
      properties(schema) {
        const parsed = schema.safeParse(resolve(resource.Properties, references));
        if (parsed.success) return parsed.data;
        throw new LocalFault(`${logicalId} (${resource.Type}) ${refusal(parsed.error.issues)}.`);
      },
    }),
  );
  return {
    name: stackName,
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([name, output]) => [name, String(resolve(output.Value, references))]),
    ),
    all,
    resources: (type) => all.filter((resource) => resource.type === type),
  };
}

/**
 * Describes the first property that a schema rejects. Unknown properties come before properties with an unsupported
 * value.
 */
function refusal(issues: readonly z.core.$ZodIssue[]): string {
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    return `has the property ${[...issue.path, issue.keys[0]].join('.')}, which the local run does not support`;
  }
  const [issue] = issues;
  return `has a ${issue?.path.join('.')} that the local run does not support: ${issue?.message}`;
}

import type * as z from 'zod';
import type { Assembly } from './assembly.ts';
import { LocalFault } from './fault.ts';
import { type Endpoints, type Identity, identityOf } from './identities.ts';
import { type References, resolve } from './intrinsics.ts';
import { ACCOUNT, PARTITION, REGION, URL_SUFFIX } from './names.ts';
import type { TemplateResource } from './template.ts';

/** A resource of the stack with the name that it has on this machine. */
export interface Resource extends Identity {
  readonly logicalId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * The properties that the schema names, every reference in them resolved.
   * @throws LocalFault when they are not of the form that the local run understands.
   */
  properties<T extends z.ZodRawShape>(schema: z.ZodObject<T>): z.infer<z.ZodObject<T>>;
}

/** The synthesized template as this run sees it. */
export interface Stack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  resources(type: string): readonly Resource[];
}

export function openStack(assembly: Assembly, endpoints: Endpoints): Stack {
  const { stackName, template } = assembly;
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::NoValue': undefined,
    'AWS::Partition': PARTITION,
    'AWS::Region': REGION,
    'AWS::StackId': `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': URL_SUFFIX,
  };
  const identity = (logicalId: string, resource: TemplateResource) =>
    identityOf(resource.Type, {
      id: `${stackName}-${logicalId}`,
      given(property) {
        const value = resource.Properties[property];
        if (value === undefined || typeof value === 'string') return value;
        throw new LocalFault(`${logicalId}: the local run takes a ${property} that is plain text only.`);
      },
      fifo: resource.Properties.FifoQueue === true || resource.Properties.FifoQueue === 'true',
      endpoints,
    });
  const references: References = {
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const resource = template.Resources[name];
      if (resource !== undefined) return identity(name, resource).ref;
      const parameter = template.Parameters[name];
      if (parameter?.Default !== undefined) return parameter.Default;
      throw new LocalFault(
        `The template refers to ${name}, which is neither a resource nor a parameter with a default.`,
      );
    },
    attribute(logicalId, name) {
      const resource = template.Resources[logicalId];
      if (resource === undefined) throw new LocalFault(`The template refers to ${logicalId}, which is not in it.`);
      const value = identity(logicalId, resource).attributes[name];
      if (value !== undefined) return value;
      throw new LocalFault(`The template uses ${logicalId}.${name} (${resource.Type}), which the local run has not.`);
    },
  };
  return {
    name: stackName,
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([name, output]) => [name, String(resolve(output.Value, references))]),
    ),
    resources: (type) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => {
          if (resource.Condition !== undefined) {
            throw new LocalFault(`${logicalId} depends on a condition, which the local run does not know.`);
          }
          return {
            ...identity(logicalId, resource),
            logicalId,
            metadata: resource.Metadata,
            properties(schema) {
              const wanted = Object.entries(resource.Properties).filter(([name]) => Object.hasOwn(schema.shape, name));
              const parsed = schema.safeParse(resolve(Object.fromEntries(wanted), references));
              if (parsed.success) return parsed.data;
              const [issue] = parsed.error.issues;
              throw new LocalFault(
                `${logicalId} (${type}) cannot run on this machine: ${issue?.path.join('.')}: ${issue?.message}`,
              );
            },
          };
        }),
  };
}

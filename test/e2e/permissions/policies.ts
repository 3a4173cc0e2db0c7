import * as z from 'zod';
import type { Stack } from '../../../lib/local/template/stack.ts';
import type { Call } from './call.ts';

const list = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Keys = z.strictObject({ 'ForAllValues:StringLike': z.strictObject({ 'dynamodb:LeadingKeys': list }) });
const Sources = z.strictObject({ 'ForAllValues:StringEquals': z.strictObject({ 'events:source': list }) });
/** What a condition requires of the keys of rows, or of the sources of events. A source has no wildcard. */
const Condition = z.union([
  Keys.transform((condition) => condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']),
  Sources.transform((condition) => condition['ForAllValues:StringEquals']['events:source']),
]);
/** Whatever else a statement could say is not understood here, and refused. */
const Statement = z.strictObject({
  Effect: z.literal('Allow'),
  Action: list,
  Resource: list,
  Condition: Condition.optional(),
});
const PolicyProperties = z.object({
  PolicyDocument: z.object({ Statement: z.array(Statement) }),
  Roles: z.array(z.string()),
});
const FunctionProperties = z.object({ Role: z.string() });

export interface Policies {
  /** What each function is granted, one action on one resource and one kind of row each. */
  readonly granted: ReadonlySet<string>;
  /** The grants that a call needs; undefined where its function hasn't got them. */
  allow(call: Call): string[] | undefined;
}

/** IAM's StringLike, as far as policies here use it. */
const isLike = (text: string, pattern: string) =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

/** The policies of a template's functions, judged as IAM does. */
export function policiesOf(stack: Stack): Policies {
  const roles = new Map(stack.resources('AWS::IAM::Role').map(({ ref, attributes }) => [attributes.Arn, ref]));
  const policies = stack.resources('AWS::IAM::Policy').map((one) => one.properties(PolicyProperties));
  const statements = stack.resources('AWS::Lambda::Function').flatMap((resource) => {
    const role = roles.get(resource.properties(FunctionProperties).Role) ?? '';
    const own = policies.filter(({ Roles }) => Roles.includes(role));
    return own.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.map(({ Action, Resource, Condition }) => ({
        fn: resource.logicalId,
        actions: Action,
        resources: Resource,
        keys: Condition,
      })),
    );
  });
  const nameOf = (fn: string, action: string, resource: string, key = '') =>
    [
      fn.replace(/Function[0-9A-F]{8}$/, ''),
      action,
      resource.split(':').slice(5).join(':').replace(`${stack.name}-`, ''),
      key,
    ]
      .join(' ')
      .trim();
  return {
    granted: new Set(
      statements.flatMap(({ fn, actions, resources, keys = [undefined] }) =>
        actions.flatMap((action) =>
          resources.flatMap((resource) => keys.map((key) => nameOf(fn, action, resource, key))),
        ),
      ),
    ),
    allow({ fn, action, resource, keys }) {
      for (const one of statements) {
        if (one.fn !== fn || !one.actions.includes(action) || !one.resources.includes(resource)) continue;
        const patterns = keys.map((key) => one.keys?.find((pattern) => isLike(key, pattern)));
        if (one.keys && patterns.includes(undefined)) continue;
        return one.keys ? patterns.map((key) => nameOf(fn, action, resource, key)) : [nameOf(fn, action, resource)];
      }
      return undefined;
    },
  };
}

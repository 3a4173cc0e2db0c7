import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { templateOf, VARIANTS } from '../../fakes/template.ts';

/**
 * AWS's limits of a deployment: the routes of an API and the resources of a stack, of which the first can be raised, and
 * the bytes of a function's resource policy.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LIMITS = { routes: 300, resources: 500, 'bytes of the largest function policy': 20 * 1024 };
type Size = Readonly<Record<keyof typeof LIMITS, number>>;
/** Room for a few more routes, each of which is two routes with HEAD and as many permissions. */
const SHARE = 0.6;

const Permission = z.looseObject({
  FunctionName: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Principal: z.string(),
  SourceArn: z.unknown(),
});
const REGION_AND_ACCOUNT = 'ap-southeast-3:123456789012';
/** CloudFormation names a stack's resources by the stack, the logical id and twelve more characters. */
const nameOf = (id: string) => `AnyCheckSnapshots-production-${id}-ABCDEFGHIJKL`;

/** A statement of a function's policy as Lambda stores it, with names of a usual length. */
const statementOf = (id: string, fn: string, { Principal, SourceArn }: z.output<typeof Permission>) => ({
  Sid: nameOf(id),
  Effect: 'Allow',
  Principal: { Service: Principal },
  Action: 'lambda:InvokeFunction',
  Resource: `arn:aws:lambda:${REGION_AND_ACCOUNT}:function:${nameOf(fn)}`,
  Condition: { ArnLike: { 'AWS:SourceArn': textOf(SourceArn) } },
});

/** An intrinsic function's value: its texts, and a usual one for each reference. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(value).data;
  return joined ? joined['Fn::Join'][1].map(textOf).join('') : 'ap-southeast-3';
}

function sizeOf(template: Template): Size {
  const resources: object = template.toJSON().Resources;
  const policies = new Map<string, object[]>();
  for (const [id, { Properties }] of Object.entries(template.findResources('AWS::Lambda::Permission'))) {
    const permission = Permission.parse(Properties);
    const [fn] = permission.FunctionName['Fn::GetAtt'];
    policies.set(fn, [...(policies.get(fn) ?? []), statementOf(id, fn, permission)]);
  }
  const bytes = [...policies.values()].map(
    (Statement) => JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }).length,
  );
  return {
    routes: Object.keys(template.findResources('AWS::ApiGatewayV2::Route')).length,
    resources: Object.keys(resources).length,
    'bytes of the largest function policy': Math.max(...bytes),
  };
}

describe('a deployment stays far below the limits of AWS', () => {
  it.each(Object.entries(VARIANTS))('%s', (name, settings) => {
    const size = sizeOf(templateOf(settings));
    const lines = Object.entries(LIMITS).map(([what, limit]) => `${what}: ${Object(size)[what]} of ${limit}`);
    process.stdout.write(`a deployment ${name}: ${lines.join(', ')}\n`);
    for (const [what, limit] of Object.entries(LIMITS)) {
      expect([what, Object(size)[what] > 0, Object(size)[what] < limit * SHARE]).toEqual([what, true, true]);
    }
  });
});

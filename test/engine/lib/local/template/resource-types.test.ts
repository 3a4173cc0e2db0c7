import { expect, it } from 'vitest';
import { LocalFault } from '../../../../../lib/local/fault.ts';
import { refuseUnsupported } from '../../../../../lib/local/template/resource-types.ts';
import { openStack } from '../../../../../lib/local/template/stack.ts';
import { Template } from '../../../../../lib/local/template/template.ts';
import { templateOf, VARIANTS } from '../../../../fakes/template.ts';
import { lambda } from '../support/assembly.ts';
import { run, scratch } from '../support/running.ts';

const stackOf = (template: unknown) =>
  openStack(
    { stackName: 'fixture', template: Template.parse(template), asset: () => '' },
    { gateway: 'http://127.0.0.1:1', queues: 'http://127.0.0.1:2' },
  );

it.each(Object.entries(VARIANTS))('the local run supports the stack %s', (_, settings) => {
  expect(() => refuseUnsupported(stackOf(templateOf(settings).toJSON()))).not.toThrow();
});

it.each([
  ['a resource type', { Topic: { Type: 'AWS::SNS::Topic' } }, 'Topic is of the type AWS::SNS::Topic'],
  [
    'a property',
    { Work: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'key' } } },
    'Work (AWS::SQS::Queue) has the property KmsMasterKeyId',
  ],
  [
    'a property inside a property',
    { Fn: lambda('fn', { LoggingConfig: { SystemLogLevel: 'INFO' } }) },
    'Fn (AWS::Lambda::Function) has the property LoggingConfig.SystemLogLevel',
  ],
  [
    'a condition',
    { Work: { Type: 'AWS::SQS::Queue', Condition: 'InEurope' } },
    'Work (AWS::SQS::Queue) depends on a condition',
  ],
])(
  'the local run refuses %s that it does not support at its start, in one sentence',
  async (_, resources, sentence) => {
    const refused = run({ resources }, scratch());
    await expect(refused).rejects.toThrow(new LocalFault(`${sentence}, which the local run does not support.`));
  },
);

it('the local run refuses, and names, a property with a value that it does not support', () => {
  const python = { Type: 'AWS::Lambda::Function', Properties: { ...lambda('fn').Properties, Runtime: 'python3.14' } };
  expect(() => refuseUnsupported(stackOf({ Resources: { Fn: python } }))).toThrow(
    'Fn (AWS::Lambda::Function) has a Runtime that the local run does not support: only Node.js functions run here.',
  );
});

import type { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { templateOf } from '../../fakes/template.ts';

const functions = (template: Template) => Object.values(template.findResources('AWS::Lambda::Function'));
const policies = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy'));
const isTracing = (policy: object) => JSON.stringify(policy).includes('xray:PutTraceSegments');

it('nothing is traced, and no function may, unless the settings say so', () => {
  const template = templateOf();
  expect(JSON.stringify(template.toJSON())).not.toMatch(/TracingConfig|xray:/);
});

it('every function is traced, and may write to X-Ray, where the setting says so', () => {
  const template = templateOf({ tracing: 'true' });
  expect(functions(template).length).toBeGreaterThan(10);
  for (const { Properties } of functions(template)) expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
  expect(policies(template).filter(isTracing)).toHaveLength(functions(template).length);
});

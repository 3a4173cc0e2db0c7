import { App, type Stack, Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, type IApplyRule, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { acknowledge } from '../../../lib/acknowledge.ts';
import { stackOf, VARIANTS } from '../../fakes/template.ts';

interface Finding {
  readonly rule: string;
  readonly path: string;
}

/** The rules, with what they found whether or not it was acknowledged. */
class Rules extends AwsSolutionsChecks {
  readonly found: Finding[] = [];

  protected override applyRule({ rule, ...params }: IApplyRule): void {
    const ruleSuffixOverride = params.ruleSuffixOverride ?? rule.name;
    const id = `${this.packName}-${ruleSuffixOverride}`;
    const finding = ({ node }: IConstruct, detail = '') =>
      void this.found.push({ rule: `${id}${detail}`, path: node.path });
    super.applyRule({
      ...params,
      ruleSuffixOverride,
      rule: (node) => {
        try {
          const result = rule(node);
          if (Array.isArray(result)) for (const one of result) finding(node, `[${one}]`);
          else if (result === NagRuleCompliance.NON_COMPLIANT) finding(node);
          return result;
        } catch (error) {
          finding(node);
          throw error;
        }
      },
    });
  }
}

const Acknowledged = z.record(z.string(), z.string());

/** What is acknowledged where, and why. */
const acknowledgements = (stack: Stack) =>
  stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(Acknowledged.parse(data)))
      .map(([rule, reason]) => ({ rule, path: node.path, reason })),
  );

/** A sentence for each finding that is not acknowledged, and for each acknowledgement that is not of one finding, with a reason. */
function faults(stack: Stack): string[] {
  App.of(stack)?.synth();
  const rules = new Rules(stack);
  const { violations } = rules.validateScope(stack);
  const open = violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map((one) => `${'constructPath' in one ? one.constructPath : ''}: ${ruleName} ${description}`),
  );
  const idle = acknowledgements(stack).flatMap(({ rule, path, reason }) => {
    const covered = rules.found.filter((one) => one.rule === rule && `${one.path}/`.startsWith(`${path}/`));
    if (reason.length < 40) return [`${path}: ${rule} is acknowledged without a reason`];
    return covered.length === 1 ? [] : [`${path}: ${rule} is acknowledged, and found ${covered.length} times`];
  });
  return [...open, ...idle];
}

describe('the AwsSolutions rules of cdk-nag', () => {
  it.each(Object.entries(VARIANTS))(
    'find nothing in the stack %s but what is acknowledged, one by one',
    (_, settings) => {
      expect(faults(stackOf(settings))).toEqual([]);
    },
  );

  it('are acknowledged without a word of where that was, so that two clones synthesize the same', () => {
    const traced = stackOf()
      .node.findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ trace }) => trace !== undefined);
    expect(traced).toEqual([]);
  });

  it('find what breaks one of them, and an acknowledgement that matches nothing or too much', () => {
    const stack = stackOf();
    const bare = new CfnQueue(stack, 'Bare');
    acknowledge(bare, 'AwsSolutions-SQS3', 'No queue of this test has a queue for what it could not deliver.');
    acknowledge(stack, 'AwsSolutions-S1', 'There is no bucket, so that this reason is one of nothing at all.');
    acknowledge(stack, 'AwsSolutions-SMG4', 'Whatever secrets there are, this speaks for all of them together.');
    acknowledge(stack, 'AwsSolutions-COG2', 'Because.');
    expect(faults(stack)).toEqual([
      expect.stringContaining('Test/Bare: AwsSolutions-SQS4'),
      'Test: AwsSolutions-S1 is acknowledged, and found 0 times',
      'Test: AwsSolutions-SMG4 is acknowledged, and found 3 times',
      'Test: AwsSolutions-COG2 is acknowledged without a reason',
    ]);
  });
});

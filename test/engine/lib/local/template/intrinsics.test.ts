// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub.

import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../../lib/local/template/assembly.ts';
import { openStack, type Stack } from '../../../../../lib/local/template/stack.ts';
import { writeAssembly } from '../support/assembly.ts';
import { scratch } from '../support/running.ts';

const ENDPOINTS = { gateway: 'http://127.0.0.1:1', queues: 'http://127.0.0.1:2' };

async function stackOf(resources: Record<string, object>, outputs: Record<string, unknown> = {}): Promise<Stack> {
  return openStack(await readAssembly(writeAssembly(scratch(), { resources, outputs })), ENDPOINTS);
}

const queue = { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } };

describe('references in a template', () => {
  it('stand for the same names at every start, made of the stack and the logical id', async () => {
    const { outputs } = await stackOf(
      {
        Work: queue,
        Rows: { Type: 'AWS::DynamoDB::Table' },
        Key: { Type: 'AWS::SecretsManager::Secret' },
        Pool: { Type: 'AWS::Cognito::UserPool' },
        Fn: { Type: 'AWS::Lambda::Function' },
        Api: { Type: 'AWS::ApiGatewayV2::Api' },
      },
      {
        QueueUrl: { Ref: 'Work' },
        QueueName: { 'Fn::GetAtt': ['Work', 'QueueName'] },
        Table: { Ref: 'Rows' },
        TableArn: { 'Fn::GetAtt': ['Rows', 'Arn'] },
        Secret: { Ref: 'Key' },
        Provider: { 'Fn::GetAtt': ['Pool', 'ProviderName'] },
        Fn: { 'Fn::GetAtt': ['Fn', 'Arn'] },
        Url: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] },
      },
    );
    expect(outputs).toMatchObject({
      QueueUrl: 'http://127.0.0.1:2/000000000000/fixture-Work.fifo',
      QueueName: 'fixture-Work.fifo',
      Table: 'fixture-Rows',
      TableArn: 'arn:aws:dynamodb:ap-southeast-3:000000000000:table/fixture-Rows',
      Fn: 'arn:aws:lambda:ap-southeast-3:000000000000:function:fixture-Fn',
      Url: 'http://127.0.0.1:1',
    });
    expect(outputs.Secret).toMatch(/^arn:aws:secretsmanager:ap-southeast-3:000000000000:secret:fixture-Key-\w{6}$/);
    expect(outputs.Provider).toMatch(/^cognito-idp\.ap-southeast-3\.amazonaws\.com\/ap-southeast-3_[a-z0-9]{9}$/);
  });

  it('join and substitute text', async () => {
    const { outputs } = await stackOf(
      { Work: queue },
      {
        Joined: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }]] },
        Substituted: { 'Fn::Sub': '${AWS::Partition}/${AWS::AccountId}/${Work}' },
      },
    );
    expect(outputs).toEqual({
      Joined: 'a-ap-southeast-3-000000000000',
      Substituted: 'aws/000000000000/http://127.0.0.1:2/000000000000/fixture-Work.fifo',
    });
  });

  it.each([
    [{ 'Fn::ImportValue': 'x' }, 'The template uses Fn::ImportValue, which the local run does not support.'],
    [{ Ref: 'Nobody' }, 'The template refers to Nobody, which is not in it.'],
    [{ Ref: 'AWS::NoValue' }, 'The template refers to AWS::NoValue, which is not in it.'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'The template refers to Nobody, which is not in it.'],
    [
      { 'Fn::GetAtt': ['Work', 'Colour'] },
      'The template uses Work.Colour (AWS::SQS::Queue), which the local run does not support.',
    ],
    [{ 'Fn::Select': [0, ['a']] }, 'The template uses Fn::Select, which the local run does not support.'],
    [{ 'Fn::Join': 'x' }, 'Fn::Join in the template has arguments of another form: "x".'],
  ])('that cannot be resolved are refused with a sentence: %j', async (value, sentence) => {
    await expect(stackOf({ Work: queue }, { Value: value })).rejects.toThrow(sentence);
  });
});

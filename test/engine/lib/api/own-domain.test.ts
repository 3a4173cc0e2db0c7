import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../../fakes/template.ts';

const NAMED = {
  domain_name: 'verifications.example.com',
  certificate_arn: 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0f4e0e0e-1c1c-4b1b-8a8a-3d3d3d3d3d3d',
};
const TYPE = 'AWS::ApiGatewayV2::DomainName';

describe('without a host name of its own the API', () => {
  const template = templateOf();

  it('has the one that API Gateway makes up', () => {
    template.resourceCountIs(TYPE, 0);
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
  });
});

describe('with one the API', () => {
  const template = templateOf(NAMED);
  const [[domain] = ['']] = Object.entries(template.findResources(TYPE));
  const [[api] = ['']] = Object.entries(template.findResources('AWS::ApiGatewayV2::Api'));
  const [[stage] = ['']] = Object.entries(template.findResources('AWS::ApiGatewayV2::Stage'));

  it('is called by it over TLS 1.2 or newer', () => {
    template.hasResourceProperties(TYPE, {
      DomainName: NAMED.domain_name,
      DomainNameConfigurations: [
        { CertificateArn: NAMED.certificate_arn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
  });

  it('answers to the name that API Gateway makes up as well, until that is switched off', () => {
    const API = 'AWS::ApiGatewayV2::Api';
    template.hasResourceProperties(API, { DisableExecuteApiEndpoint: false });
    const alone = templateOf({ ...NAMED, default_endpoint: false });
    alone.hasResourceProperties(API, { DisableExecuteApiEndpoint: true });
  });

  it('has its one stage there, once that is made', () => {
    template.hasResource('AWS::ApiGatewayV2::ApiMapping', {
      Properties: { ApiId: { Ref: api }, DomainName: { Ref: domain }, Stage: '$default' },
      DependsOn: Match.arrayWith([stage]),
    });
  });

  it('outputs its addresses, and what a record for it has to name', () => {
    const at = (path = '') => ({ Value: { 'Fn::Join': ['', ['https://', { Ref: domain }, ...(path ? [path] : [])]] } });
    template.hasOutput('ApiUrl', at());
    template.hasOutput('DocsUrl', at('/docs'));
    template.hasOutput('ConsoleUrl', at('/console'));
    template.hasOutput('WebhookUrlWithoutToken', at('/webhooks/anycheck/'));
    template.hasOutput('DomainTarget', { Value: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] } });
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  it('gets that record where its zone is given', () => {
    const zoned = templateOf({ ...NAMED, hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'example.com' });
    zoned.hasResourceProperties('AWS::Route53::RecordSet', {
      Type: 'A',
      Name: 'verifications.example.com.',
      HostedZoneId: 'Z0123456789ABC',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] } },
    });
    zoned.resourceCountIs('AWS::Route53::RecordSet', 1);
  });

  it('keeps everything that lasts where it was', () => {
    const idsOf = (of: typeof template) =>
      [
        'AWS::DynamoDB::Table',
        'AWS::Cognito::UserPool',
        'AWS::SQS::Queue',
        'AWS::SecretsManager::Secret',
        'AWS::ApiGatewayV2::Api',
      ].map((type) => Object.keys(of.findResources(type)));
    expect(idsOf(template)).toEqual(idsOf(templateOf()));
  });
});

import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { dashboardPicture } from '../../../../bin/draw-dashboard.ts';
import { DIMENSIONS, METRICS, NAMESPACE } from '../../../../functions/runtime/log/log.ts';
import { dashboardOf } from '../../../fakes/dashboard.ts';
import { templateOf } from '../../../fakes/template.ts';

let template: Template;
let dashboard: ReturnType<typeof dashboardOf>;
beforeAll(() => {
  template = templateOf();
  dashboard = dashboardOf(propertiesOf(template));
});

const propertiesOf = (of: Template): unknown =>
  Object.values(of.findResources('AWS::CloudWatch::Dashboard'))[0]?.Properties;
const idsOf = (type: string, of = template) => Object.keys(of.findResources(type));
describe('the dashboard', () => {
  it('is called like its stack, so that several stages have one each, and begins with how to read it and the alarms', () => {
    expect(dashboard.name).toBe('Test');
    expect(dashboard.widgets.slice(0, 2).map(({ type }) => type)).toEqual(['text', 'alarm']);
    expect(dashboard.widgets[1]?.properties.alarms).toHaveLength(idsOf('AWS::CloudWatch::Alarm').length);
  });

  it('has a question as the title of each widget', () => {
    for (const { properties } of dashboard.widgets.slice(2))
      expect(properties.title).toMatch(/^(Do|Does|How|What|Why|Which) .+\?/);
  });

  it('shows every metric of the registry, by a function', () => {
    const own = dashboard.shown.filter(({ namespace }) => namespace === NAMESPACE);
    const functions = idsOf('AWS::Lambda::Function');
    for (const { by } of own) {
      expect(Object.keys(by)).toEqual(['FunctionName']);
      expect(functions).toContain(by.FunctionName);
    }
    // Refreshes are the sums of their outcomes, which the dashboard shows. An alarm reports missing sweeps.
    const elsewhere = ['Refreshes', 'Refreshed', 'Sweeps'];
    const shown = [...new Set(own.map(({ metric }) => metric))].sort();
    expect(shown, 'each metric needs a line in lib/monitoring/dashboard.ts').toEqual(
      Object.keys(METRICS)
        .filter((metric) => !elsewhere.includes(metric))
        .sort(),
    );
  });

  it('shows AWS’s own metrics by the dimensions that they have', () => {
    const types: Readonly<Record<string, readonly [dimension: string, type: string]>> = {
      'AWS/ApiGateway': ['ApiId', 'AWS::ApiGatewayV2::Api'],
      'AWS/Lambda': ['FunctionName', 'AWS::Lambda::Function'],
      'AWS/SQS': ['QueueName', 'AWS::SQS::Queue'],
      'AWS/DynamoDB': ['TableName', 'AWS::DynamoDB::Table'],
    };
    const others = dashboard.shown.filter(({ namespace }) => namespace !== NAMESPACE);
    for (const { namespace, by } of others) {
      const [dimension = '', type = ''] = types[namespace] ?? [];
      expect(Object.keys(by)).toEqual([dimension]);
      expect(idsOf(type)).toContain(by[dimension]);
    }
    const failing = others.flatMap(({ metric, by }) => (metric === 'Errors' ? [by.FunctionName] : []));
    expect(failing.sort()).toEqual(idsOf('AWS::Lambda::Function').sort());
  });

  it('searches for why refreshes fail by the dimensions that their lines have', () => {
    const searches = JSON.stringify(dashboard.widgets).match(/SEARCH\('[^)]+\)/g) ?? [];
    expect(searches).toHaveLength(2);
    for (const one of searches) {
      expect(one).toContain(
        `{${NAMESPACE},FunctionName,${DIMENSIONS.FailedRefreshes}} MetricName=\\"FailedRefreshes\\"`,
      );
      expect(one).toMatch(/FunctionName=\\"(Refresh|Verifications)Function/);
    }
  });

  it('leaves logins out where they are not ours', () => {
    const foreign = templateOf({ oidc_issuer: 'https://login.example.com', oidc_audience: 'snapshots' });
    expect(JSON.stringify(dashboardOf(propertiesOf(foreign)))).not.toContain('"RefusedLogins"');
  });

  it('is drawn in the documentation as `npm run draw-dashboard` draws it', () => {
    expect(readFileSync('docs/images/dashboard.svg', 'utf8')).toBe(dashboardPicture());
  });
});

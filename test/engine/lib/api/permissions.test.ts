import { expect, it } from 'vitest';
import * as z from 'zod';
import { templateOf, VARIANTS } from '../../../fakes/template.ts';

const FunctionArn = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });
const Route = z.object({
  RouteKey: z.string(),
  Target: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.tuple([z.string(), z.object({ Ref: z.string() })])]) }),
});
const Integration = z.object({ IntegrationUri: FunctionArn });
const Permission = z.looseObject({ FunctionName: FunctionArn, SourceArn: z.unknown() });

/** What API Gateway names as the source of a call: the stage and the route, where the default route has neither method nor path. */
const sourceOf = (routeKey: string): string => `/$default/${routeKey.replace(' ', '')}`;

/** Whether a pattern of a permission matches a source. Its `*` matches slashes, too. */
const matches = (source: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replace(/[$.{}+]/g, '\\$&').replaceAll('*', '.*')}$`).test(source);

it.each(Object.entries(VARIANTS))(
  'API Gateway may call the function of each route, in a deployment %s',
  (_, settings) => {
    const template = templateOf(settings);
    const resources = template.toJSON().Resources;
    const patterns = new Map<string, string[]>();
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Permission'))) {
      const { FunctionName, SourceArn } = Permission.parse(Properties);
      const fn = FunctionName['Fn::GetAtt'][0];
      const pattern = /"(\/[^"]*)"\]\]\}$/.exec(JSON.stringify(SourceArn))?.[1];
      if (pattern) patterns.set(fn, [...(patterns.get(fn) ?? []), pattern]);
    }
    const refused = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).flatMap(({ Properties }) => {
      const { RouteKey, Target } = Route.parse(Properties);
      const integration = Target['Fn::Join'][1][1].Ref;
      const [fn] = Integration.parse(resources[integration].Properties).IntegrationUri['Fn::GetAtt'];
      const allowed = patterns.get(fn) ?? [];
      return allowed.some((pattern) => matches(sourceOf(RouteKey), pattern)) ? [] : [`${RouteKey}: ${allowed}`];
    });
    expect(refused).toEqual([]);
  },
);

import * as z from 'zod';

const Properties = z.object({
  DashboardName: z.unknown(),
  DashboardBody: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }),
});
const Reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((one) => one['Fn::GetAtt'][0]),
]);
const Body = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      properties: z.looseObject({ metrics: z.array(z.array(z.unknown())).default([]) }),
    }),
  ),
});

/** A metric as CloudWatch tells it from others; logical ids stand for names. */
interface Shown {
  readonly namespace: string;
  readonly metric: string;
  readonly by: Readonly<Record<string, string>>;
}

/** A dashboard of the template, logical ids in the place of references. */
export function dashboardOf(properties: unknown) {
  const { DashboardName: name, DashboardBody: body } = Properties.parse(properties);
  const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : Reference.parse(part))).join('');
  const { widgets } = Body.parse(JSON.parse(text));
  return { name, widgets, shown: widgets.flatMap(({ properties: { metrics } }) => metrics.flatMap(shownIn)) };
}

/** `["AWS/SQS", "NumberOfMessagesSent", "QueueName", "Queue", {…}]`; what is computed has no such beginning. */
function shownIn(metric: readonly unknown[]): Shown[] {
  const [namespace, name, ...rest] = metric.filter((part) => typeof part === 'string');
  if (namespace === undefined || name === undefined) return [];
  const by = Object.fromEntries(rest.flatMap((one, i) => (i % 2 === 0 ? [[one, rest[i + 1] ?? '']] : [])));
  return [{ namespace, metric: name, by }];
}

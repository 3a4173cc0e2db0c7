// `npm run draw-dashboard` writes docs/images/dashboard.svg: the CloudWatch dashboard's widgets and series, without data.
import { writeFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { parseSettings } from '../lib/settings/settings.ts';
import { SnapshotsStack } from '../lib/stack.ts';

const PICTURE = new URL('../docs/images/dashboard.svg', import.meta.url);

const Options = z.object({
  label: z.string().optional(),
  yAxis: z.enum(['left', 'right']).default('left'),
  visible: z.boolean().default(true),
});
/** Namespace, metric and dimensions, then options; a mathematical expression has options alone. */
const Series = z.array(z.unknown()).transform((parts) => {
  const { label, yAxis, visible } = Options.parse(parts.at(-1));
  return { label: label ?? String(parts[1]), yAxis, visible };
});
const Widget = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({
    title: z.string().default('About'),
    markdown: z.string().default(''),
    alarms: z.array(z.string()).default([]),
    metrics: z.array(Series).default([]),
  }),
});
const Part = z.union([
  z.string(),
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((of) => of['Fn::GetAtt'][0]),
]);
const Dashboard = z.object({
  Properties: z.object({ DashboardBody: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(Part)]) }) }),
});
const Body = z.object({ widgets: z.array(Widget) });

/** Pixels of a column and of a row of the dashboard's grid. */
const COLUMN = 46;
const ROW = 26;
const LINE = 15;
const COLOURS = ['#0972d3', '#d45b07', '#2e7d32', '#c62828', '#6a1b9a', '#00838f', '#5d4037', '#ad1457'];

/** The SVG of the dashboard that the default settings deploy. */
export function dashboardPicture(): string {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(new SnapshotsStack(app, 'Stack', { settings: parseSettings({}) }));
  const [found] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const parts = Dashboard.parse(found).Properties.DashboardBody['Fn::Join'][1];
  const { widgets } = Body.parse(JSON.parse(parts.join('')));
  const rows = Math.max(...widgets.map(({ y, height }) => y + height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${rows * ROW}" font-family="sans-serif" font-size="11">`,
    '<title>The CloudWatch dashboard</title>',
    `<rect width="100%" height="100%" fill="#eef0f3"/>`,
    ...widgets.map(drawn),
    '</svg>\n',
  ].join('\n');
}

function drawn({ x, y, width, height, properties }: z.output<typeof Widget>): string {
  const { title, markdown, alarms, metrics } = properties;
  const [w, h] = [width * COLUMN - 8, height * ROW - 8];
  const titleLines = wrapped(title, w / 6.6);
  const top = 8 + titleLines.length * LINE;
  const shown = metrics.filter(({ visible }) => visible);
  return [
    `<g transform="translate(${x * COLUMN + 4} ${y * ROW + 4})">`,
    `<rect width="${w}" height="${h}" rx="6" fill="#fff" stroke="#c6cbd3"/>`,
    ...texts(titleLines, 10, 17, ' font-weight="bold"'),
    ...texts(wrapped(markdown.replaceAll(/[*`]/g, '').replaceAll('\n', ' '), w / 6), 10, top + 11),
    ...alarms.map((name, i) => alarm(name, 10 + (i % 6) * 180, top + 3 + Math.floor(i / 6) * 20)),
    ...(shown.length > 0 ? [axes(w, top, h)] : []),
    ...legend(shown, 'left', w, top),
    ...legend(shown, 'right', w, top),
    '</g>',
  ].join('\n');
}

const axes = (w: number, top: number, h: number) =>
  `<path d="M40 ${top + 4}V${h - 12}H${w - 40}V${top + 4}" fill="none" stroke="#c6cbd3"/>`;

function legend(series: readonly z.output<typeof Series>[], axis: 'left' | 'right', w: number, top: number): string[] {
  const x = axis === 'left' ? 52 : w / 2 + 20;
  return series.flatMap(({ label, yAxis }, i) => {
    if (yAxis !== axis) return [];
    const row = series.slice(0, i).filter((one) => one.yAxis === axis).length;
    const at = top + 16 + row * LINE;
    // A second column where the first is full.
    const [dx, dy] = row < 6 ? [0, 0] : [130, 6 * LINE];
    return [
      `<rect x="${x + dx}" y="${at - dy - 4}" width="14" height="3" fill="${COLOURS[i % COLOURS.length]}"/>`,
      text(label, x + dx + 20, at - dy),
    ];
  });
}

/** An alarm by its construct's name: without the prefix of its scope, and without CDK's hash. */
const alarm = (id: string, x: number, y: number): string =>
  `<rect x="${x}" y="${y}" width="172" height="16" rx="3" fill="#e6f4ea"/>${text(id.replace(/^Alarms|.{8}$/g, ''), x + 6, y + 12)}`;

const texts = (lines: readonly string[], x: number, y: number, style = ''): string[] =>
  lines.map((line, i) => text(line, x, y + i * LINE, style));

const text = (content: string, x: number, y: number, style = ''): string =>
  `<text x="${x}" y="${y}"${style}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

/** Breaks a text between words, into lines of at most `maxLength` characters. */
function wrapped(content: string, maxLength: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= maxLength) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

if (import.meta.main) writeFileSync(PICTURE, dashboardPicture());

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Route } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import type { AuditLine } from '../../../functions/runtime/access/audit-line.ts';
import { METRICS } from '../../../functions/runtime/log/log.ts';
import { templateOf } from '../../fakes/template.ts';

const RUNBOOK = readFileSync('docs/runbook.md', 'utf8');

it('describes every metric', () => {
  const missing = Object.keys(METRICS).filter((metric) => !RUNBOOK.includes(`\`${metric}\``));
  expect(missing, 'metrics without a row in docs/runbook.md').toEqual([]);
});

it('stops every function that requires a role or sends events, except those that report health and the caller', () => {
  const functions = Object.keys(templateOf().findResources('AWS::Lambda::Function'));
  const commands = [...RUNBOOK.matchAll(/^ *(?:content|stop_content)\(\) .*$/gm)].join('\n');
  const script = `stage=prod\naws() {\n  if [ "$1" = lambda ]; then echo "$@"; else printf %s "$LISTED"; fi\n}\n${commands}\nstop_content`;
  const LISTED = functions.map((id) => `${id}\t${id}-name\n`).join('');
  const done = execFileSync('bash', ['-c', script], { env: { ...process.env, LISTED }, encoding: 'utf8' });
  const lambdas = Object.values<Route>(routes).flatMap(({ access, lambda }) => (access === 'public' ? [] : [lambda]));
  const content = [...new Set([...lambdas, 'deliver'])].filter(
    (lambda) => lambda !== 'health-deep' && lambda !== 'whoami',
  );
  const meant = functions.filter((id) =>
    content.some((lambda) => id.toLowerCase().startsWith(lambda.replaceAll('-', ''))),
  );
  expect(meant).toHaveLength(content.length);
  expect(done.trim().split('\n').sort()).toEqual(
    meant
      .map((id) => `lambda put-function-concurrency --function-name ${id}-name --reserved-concurrent-executions 0`)
      .sort(),
  );
});

const [GROUP, OTHER] = ['3c90c3cc-0d44-4b50-8888-8dd25736052a', '7b0f1c52-2a54-4f0e-9d5c-3a1f6b1f7c11'];
const line = (request: string, at: string, more: Partial<AuditLine> = {}): AuditLine => ({
  audit: 'GET /verifications',
  at,
  who: 'budi',
  groups: [GROUP],
  outcome: 200,
  request,
  ...more,
});

it('makes of audit lines who saw which group, how often, first and last, each call once', () => {
  const lines = [
    line('a', '2026-11-20T01:00:00.000Z'),
    line('b', '2026-11-20T03:00:00.000Z'),
    // Delivered twice; and one whose end was recorded too soon.
    line('a', '2026-11-20T01:00:00.000Z'),
    line('c', '2026-11-20T04:00:00.000Z', { who: 'siti', outcome: 500 }),
    line('c', '2026-11-20T04:00:01.000Z', { who: 'siti' }),
    line('d', '2026-11-20T05:00:00.000Z', { audit: 'POST /groups', outcome: 202, groups: [GROUP, OTHER] }),
    line('e', '2026-11-20T06:00:00.000Z', { audit: 'GET /groups', groups: [] }),
  ];
  const commands = /^audit\(\) .*?^}$/ms.exec(RUNBOOK)?.[0] ?? '';
  const events = JSON.stringify(lines.map((one) => JSON.stringify(one)));
  const script = `output() { echo group; }\naws() { printf %s "$EVENTS"; }\n${commands}\naudit 2026-11-20 2026-11-21 '' | rows`;
  const table = execFileSync('bash', ['-c', script], { env: { ...process.env, EVENTS: events }, encoding: 'utf8' });
  expect(
    table
      .trim()
      .split('\n')
      .map((row) => row.split('\t')),
  ).toEqual([
    ['budi', 'GET /verifications', '200', GROUP, '2', '2026-11-20T01:00:00.000Z', '2026-11-20T03:00:00.000Z'],
    ['siti', 'GET /verifications', '200', GROUP, '1', '2026-11-20T04:00:01.000Z', '2026-11-20T04:00:01.000Z'],
    ['budi', 'POST /groups', '202', GROUP, '1', '2026-11-20T05:00:00.000Z', '2026-11-20T05:00:00.000Z'],
    ['budi', 'POST /groups', '202', OTHER, '1', '2026-11-20T05:00:00.000Z', '2026-11-20T05:00:00.000Z'],
    ['budi', 'GET /groups', '200', '-', '1', '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00.000Z'],
  ]);
});

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../../functions/audit/delivery.ts';
import { guardedDocument } from '../../../../functions/docs/routes.ts';
import { routeKey } from '../../../../functions/route.ts';
import { routes } from '../../../../functions/routes.ts';
import { AuditLine } from '../../../../functions/runtime/access/audit-line.ts';
import { logDeliveryEvent } from '../../../../lib/local/logs/log-delivery.ts';

const GROUP = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const LINE = {
  audit: 'GET /groups/{result_id}/history',
  at: '2026-11-24T03:00:00.000Z',
  who: '7d3c1bd6-6a0c-4a1e-9b53-0f6f3f6f8f11',
  groups: [GROUP],
  outcome: 200,
  request: 'JKJaXmPLvHcESHA=',
};

const delivery = (...messages: string[]) =>
  logDeliveryEvent({
    logGroup: 'g',
    logStream: 's',
    filter: 'f',
    lines: messages.map((message, i) => ({ id: `id-${i}`, timestamp: i, message })),
  });
const packed = (value: unknown) => ({
  awslogs: { data: gzipSync(JSON.stringify(value)).toString('base64') },
});

describe('a delivery', () => {
  it('gives its audit lines, with the times that CloudWatch has of them', () => {
    const other = { ...LINE, audit: 'POST /groups', groups: [], outcome: 403 };
    expect(linesOf(delivery(JSON.stringify(LINE), JSON.stringify(other)))).toEqual({
      lines: [
        { timestamp: 0, message: JSON.stringify(LINE) },
        { timestamp: 1, message: JSON.stringify(other) },
      ],
      malformed: [],
    });
  });

  it('takes a line of every route of the table that needs a role', () => {
    for (const route of [...Object.values(routes), guardedDocument]) {
      if (route.access === 'public') continue;
      expect(AuditLine.safeParse({ ...LINE, audit: routeKey(route) }).success).toBe(true);
    }
  });

  it.each<[string, object | string]>([
    ['text', 'BUDI'],
    ['an array', '[1]'],
    ['null', 'null'],
    ['a field more', { ...LINE, name: 'BUDI' }],
    ['a field less', { ...LINE, who: undefined }],
    ['a path with its values', { ...LINE, audit: `GET /groups/${GROUP}` }],
    ['a route with a query', { ...LINE, audit: 'GET /groups?name=BUDI' }],
    ['a name for a group', { ...LINE, groups: [GROUP, 'BUDI'] }],
    ['more groups than a call may name', { ...LINE, groups: Array.from({ length: 101 }, () => GROUP) }],
    ['a sentence for a time', { ...LINE, at: 'when BUDI came' }],
    ['an outcome that is no status', { ...LINE, outcome: '200 BUDI' }],
    ['a request id with spaces', { ...LINE, request: 'BUDI SANTOSO' }],
    ['a subject without end', { ...LINE, who: 'x'.repeat(256) }],
  ])('leaves out %s and reports its id alone', (_, line) => {
    const message = typeof line === 'string' ? line : JSON.stringify(line);
    const { lines, malformed } = linesOf(delivery(JSON.stringify(LINE), message));
    expect(lines).toHaveLength(1);
    expect(malformed).toEqual(['id-1']);
  });

  it('passes nothing on that hides behind a key given twice', () => {
    const message = JSON.stringify(LINE).replace('"who"', '"who":"BUDI","who"');
    expect(linesOf(delivery(message)).lines).toEqual([{ timestamp: 0, message: JSON.stringify(LINE) }]);
  });

  it('never passes on what does not have the form', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (messages) => {
        expect(linesOf(delivery(...messages))).toEqual({ lines: [], malformed: messages.map((_, i) => `id-${i}`) });
      }),
    );
  });

  it('that only checks the destination has no lines', () => {
    const control = { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logGroup: '', logStream: '' };
    const message = 'CWL CONTROL MESSAGE: Checking health of destination';
    expect(
      linesOf(packed({ ...control, subscriptionFilters: [], logEvents: [{ id: '', timestamp: 1, message }] })),
    ).toEqual({ lines: [], malformed: [] });
  });

  it.each<[string, unknown]>([
    ['none', {}],
    ['not base64', { awslogs: { data: '%' } }],
    ['not gzip', { awslogs: { data: Buffer.from('{}').toString('base64') } }],
    ['not JSON', { awslogs: { data: gzipSync('{').toString('base64') } }],
    ['of another kind', packed({ messageType: 'NEWS', logEvents: [] })],
    ['without events', packed({ messageType: 'DATA_MESSAGE' })],
  ])('that is %s fails as a whole', (_, event) => {
    expect(() => linesOf(event)).toThrow();
  });
});

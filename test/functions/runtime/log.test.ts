import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorFields } from '../../../functions/runtime/log.ts';
import { logRefresh } from '../../../functions/runtime/refresh-log.ts';

const lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

describe('a log line', () => {
  it('counts statuses that nobody has heard of in a metric', () => {
    logRefresh(ID, { kind: 'published', version: 2, phase: 'active', unknownStatuses: 3 });
    expect(lines).toEqual([
      expect.objectContaining({
        event: 'refresh.done',
        result_id: ID,
        UnknownStatuses: 3,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'AnyCheckSnapshots',
              Dimensions: [['FunctionName']],
              Metrics: [{ Name: 'UnknownStatuses', Unit: 'Count' }],
            },
          ],
        },
      }),
    ]);
    logRefresh(ID, { kind: 'unchanged', version: 2, phase: 'active', unknownStatuses: 0 });
    expect(lines[1]).not.toHaveProperty('_aws');
  });

  it('tells of an error its kind and places, never its message', () => {
    const error = new SyntaxError('Unexpected token in "BUDI SANTOSO"', { cause: new TypeError('BUDI') });
    expect(errorFields(error)).toMatchObject({ error: 'SyntaxError', cause: 'TypeError', stack: expect.any(String) });
    expect(JSON.stringify(errorFields(error))).not.toContain('BUDI');
    expect(errorFields('BUDI')).toEqual({ error: 'string' });
  });
});

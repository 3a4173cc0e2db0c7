import { describe, expect, it } from 'vitest';
import { WRITERS } from '../../../../bin/export/format.ts';
import { recordsOf } from '../../../../bin/export/records.ts';

const result_id = '0d5b9f5e-4a51-4f0b-9f0e-000000000001';
const at = '2026-11-29T12:00:00.000Z';
const GROUP = {
  result_id,
  version: 2,
  phase: 'settled' as const,
  overall_status: 'COMPLETED',
  total: 1,
  status_counts: { COMPLETED: 1 },
  first_seen: at,
  last_attempt: at,
  last_success: at,
  last_change: at,
  last_error: null,
  failing_since: null,
  next_refresh: null,
  redacted: false,
};
const versionWith = (transitions: { verification_id: string; from: string | null; to: string | null }[]) => ({
  version: 2,
  at,
  confirmed_until: at,
  phase: 'settled' as const,
  overall_status: 'COMPLETED',
  total: 1,
  added: 0,
  removed: 0,
  changed: 1,
  transitions,
});
/** A field that the API could have in future. */
const withNik = <T extends object>(source: T): T => ({ ...source, nik: '3171234567890001' });

describe('the records of a group', () => {
  const records = recordsOf(withNik(GROUP), [
    withNik(versionWith([withNik({ verification_id: 'v', from: 'IN_PROGRESS', to: null })])),
  ]);

  it('are its state, and each version before its transitions, with the named fields alone', () => {
    expect(records).toEqual([
      {
        kind: 'group',
        result_id,
        version: 2,
        phase: 'settled',
        overall_status: 'COMPLETED',
        total: 1,
        status_counts: { COMPLETED: 1 },
        first_seen: at,
        last_change: at,
        last_success: at,
        redacted: false,
      },
      {
        kind: 'version',
        result_id,
        version: 2,
        at,
        confirmed_until: at,
        phase: 'settled',
        overall_status: 'COMPLETED',
        total: 1,
        added: 0,
        removed: 0,
        changed: 1,
      },
      { kind: 'transition', result_id, version: 2, at, verification_id: 'v', from: 'IN_PROGRESS', to: null },
    ]);
  });

  it.each(['ndjson', 'csv'] as const)('name their group in %s', (format) => {
    const [group, version] = WRITERS[format].lines(records).split('\n');
    expect(WRITERS[format].groupOf(group ?? '')).toBe(result_id);
    expect(WRITERS[format].groupOf(version ?? '')).toBeUndefined();
  });
});

describe('CSV', () => {
  const { head, lines } = WRITERS.csv;
  const rowOf = (verification_id: string) =>
    lines(recordsOf(GROUP, [versionWith([{ verification_id, from: null, to: 'COMPLETED' }])])).split('\n');

  it('has one column for each field, and one line for each record', () => {
    expect(head).toBe(
      'kind,result_id,version,phase,overall_status,total,status_counts,first_seen,last_change,last_success,redacted,' +
        'at,confirmed_until,added,removed,changed,verification_id,from,to\n',
    );
    expect(rowOf('v')).toEqual([
      `group,${result_id},2,settled,COMPLETED,1,"{""COMPLETED"":1}",${at},${at},${at},false,,,,,,,,`,
      `version,${result_id},2,settled,COMPLETED,1,,,,,,${at},${at},0,0,1,,,`,
      `transition,${result_id},2,,,,,,,,,${at},,,,,v,,COMPLETED`,
      '',
    ]);
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['@x', "'@x"],
    ['a,b', '"a,b"'],
    [`x\ngroup,${result_id},`, `"x group,${result_id},"`],
    ['x\r\n\u2028y', 'x y'],
  ])('holds the id %j as %s: no formula, no further line', (id, cell) => {
    expect(rowOf(id)[2]).toBe(`transition,${result_id},2,,,,,,,,,${at},,,,,${cell},,COMPLETED`);
  });
});

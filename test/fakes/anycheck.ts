import { createHash } from 'node:crypto';
import { parseListing } from '../../functions/domain/group/verification.ts';
import type { AnyCheck } from '../../functions/domain/upstream/anycheck.ts';
import { UpstreamError } from '../../functions/domain/upstream/errors.ts';

export interface FakeAnyCheck extends AnyCheck {
  /** Source texts of each group's items; a group that isn't here is unknown. */
  readonly groups: Map<string, { overall: string; items: string[]; total?: string; overallText?: string }>;
  /** Pages asked for so far. */
  calls: number;
  /** Runs before each page is answered: may change the groups, wait, or throw. */
  before: (resultId: string, offset: number) => void | Promise<void>;
}

/** AnyCheck's list over groups in memory, answering in its own JSON. */
export function fakeAnyCheck(): FakeAnyCheck {
  const fake: FakeAnyCheck = {
    groups: new Map(),
    calls: 0,
    before: () => {},
    async list(resultId, { offset, size }, signal) {
      fake.calls++;
      await fake.before(resultId, offset);
      if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck took too long');
      const group = fake.groups.get(resultId);
      if (!group) throw new UpstreamError('NOT_FOUND', 'AnyCheck answered 404');
      const items = group.items.slice(offset, offset + size);
      const body = `{"total":${group.total ?? group.items.length},"overall_status":${group.overallText ?? JSON.stringify(group.overall)},"items":[${items.join()}]}`;
      return parseListing(body, resultId);
    },
  };
  return fake;
}

/** A verification's text. */
export const verification = (id: string | number, status = 'COMPLETED', more = ''): string =>
  `{"id":"${id}","status":"${status}","execution_time":2.284846674563825${more}}`;

/** A list that packs too badly to stand inline from about 220 items on: it is stored in pages. */
export const verifications = (count: number, status = 'COMPLETED'): string[] =>
  Array.from({ length: count }, (_, i) => {
    const id = `item-${i}`;
    return verification(id, status, `,"checksum":"${createHash('sha512').update(id).digest('hex')}"`);
  });

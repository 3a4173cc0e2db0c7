import { expect, it } from 'vitest';
import type { KeyVerdict } from '../../../../../functions/domain/api-keys/check-key.ts';
import { keyCallerOf } from '../../../../../functions/runtime/access/key-caller.ts';
import { newKey } from '../../../../fakes/api-keys.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';
import { printedLines } from '../../../../fakes/printed.ts';

const lines = printedLines();
const { text, key } = newKey();
const called = (sent: string | undefined, verdict: KeyVerdict) =>
  keyCallerOf(httpEvent({ headers: sent === undefined ? {} : { 'x-api-key': sent } }), async () => verdict);

it('the caller is the key, by its id alone', async () => {
  expect(await called(text, { kind: 'valid', id: key.id, role: 'operator' })).toEqual({
    kind: 'key',
    who: `key:${key.id}`,
    role: 'operator',
    keyId: key.id,
  });
  expect(lines).toEqual([]);
});

const UNKNOWN = { kind: 'unknown' } as const;
it.each<[string, string | undefined, KeyVerdict, string, string | undefined]>([
  ['missing', undefined, UNKNOWN, 'INVALID_API_KEY', undefined],
  ['missing', '', UNKNOWN, 'INVALID_API_KEY', undefined],
  ['malformed', 'sandbox-api-key', UNKNOWN, 'INVALID_API_KEY', undefined],
  ['malformed', `${text},${text}`, UNKNOWN, 'INVALID_API_KEY', undefined],
  ['unknown', text, UNKNOWN, 'INVALID_API_KEY', key.id],
  ['expired', text, { kind: 'expired', id: key.id }, 'API_KEY_EXPIRED', key.id],
])(
  'a key that is %s (%s) is refused with 401, and logged without its secret',
  async (reason, sent, verdict, code, id) => {
    await expect(called(sent, verdict)).rejects.toMatchObject({ status: 401, code });
    expect(lines).toMatchObject([{ level: 'warn', event: 'key.refused', reason, RefusedApiKeys: 1 }]);
    expect(lines).toEqual([
      id === undefined ? expect.not.objectContaining({ key_id: id }) : expect.objectContaining({ key_id: id }),
    ]);
    expect(JSON.stringify(lines)).not.toContain(text);
  },
);

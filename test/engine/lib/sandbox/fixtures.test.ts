import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { FIXTURE_GROUPS } from '../../../../lib/sandbox/groups/groups.ts';
import { BANK_STATEMENT, handClock, list, rawList, runningSandbox } from './caller.ts';

const unsigned = (text: string) => text.replaceAll(/\?X-Expires=\d+&X-Signature=[0-9a-f]+/g, '');

async function everything(): Promise<string> {
  const sandbox = await runningSandbox({ now: handClock().now });
  const answers = await Promise.all(FIXTURE_GROUPS.map(({ resultId }) => rawList(sandbox, resultId, '&page_size=100')));
  return unsigned(answers.map(({ text }) => text).join('\n'));
}

test('the fixtures are the same in every run', async () => {
  expect(await everything()).toBe(await everything());
});

test('every group holds its own items, with ids of their own', async () => {
  const sandbox = await runningSandbox();
  const ids: string[] = [];
  for (const { resultId } of FIXTURE_GROUPS) {
    const { items } = await list(sandbox, resultId, '&page_size=100');
    for (const item of items) expect(item.result_id).toBe(resultId);
    ids.push(...items.map(({ id }) => id));
  }
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the bank statement', () => {
  test('is one item of hundreds of KB with 3,000 transactions', async () => {
    const { text } = await rawList(await runningSandbox(), BANK_STATEMENT);
    const output = z.object({
      items: z.tuple([z.object({ output: z.object({ transactions: z.array(z.unknown()) }) })]),
    });
    expect(output.parse(JSON.parse(text)).items[0].output.transactions).toHaveLength(3000);
    expect(text.length).toBeGreaterThan(300_000);
  });

  test('carries digits that a double cannot', async () => {
    const { text } = await rawList(await runningSandbox(), BANK_STATEMENT);
    for (const source of ['9007199254740993123', '125000000.10', '2.284846674563825', '1.250E+8']) {
      expect(text).toMatch(new RegExp(`:${source.replace('+', '\\+')}[,}]`));
    }
    expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
  });
});

test('there are names beyond ASCII, nulls, absent fields, unknown fields and webhook secrets', async () => {
  const text = await everything();
  expect(text).toContain('José');
  expect(text).toContain('李明');
  expect(text).toContain('"golongan_darah":null');
  expect(text).toContain('liveness_preview');
  expect(text).toContain('"webhook_secret":"whsec_sandbox_not_a_secret"');
  const bpkb = await list(await runningSandbox(), '22222222-2222-4222-8222-222222222222');
  expect(bpkb.items.map((item) => 'export_file_url' in item)).toEqual([true, false]);
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const MB = 1_000_000;

let engine: Engine;
let service: Service;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  await service.track(ID);
});

const hold = (items: string[]) => service.anycheck.groups.set(ID, { overall: 'COMPLETED', items });

/** A scan, which packs badly: some MB of it, the same for the same seed. */
function scan(seed: string, megabytes: number): string {
  const parts = Array.from({ length: megabytes * 10 }, (_, i) =>
    createHash('shake256', { outputLength: 75_000 }).update(`${seed} ${i}`).digest('base64'),
  );
  return `,"output":{"scan":"${parts.join('')}"}`;
}

/** A bank statement, of numbers and short strings. */
function statement(megabytes: number): string {
  const lines = Array.from(
    { length: megabytes * 10_000 },
    (_, i) =>
      `{"no":${i},"date":"2026-01-0${i % 9}","text":"TRSF ${i * 7919}","debit":${i}.50,"balance":${i * 31}.00,"cr":null}`,
  );
  return `,"output":{"lines":[${lines.join()}]}`;
}

describe('a large group', () => {
  it.each([
    ['a scan', () => scan('a', 16)],
    ['a bank statement', () => statement(16)],
  ])('of one item of 16 MB (%s) is stored and served as it is', async (_, output) => {
    const item = verification('a', 'COMPLETED', output());
    expect(item.length).toBeGreaterThan(15 * MB);
    hold([item]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    const [text] = (await service.served(ID)) ?? [];
    expect(text === item).toBe(true);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
  });

  it('of 10,000 items is stored and served as it is', async () => {
    const items = verifications(10_000);
    hold(items);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    expect(await service.served(ID)).toEqual(items);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
  });

  it('of 24 MB in many heavy items is stored and served as it is', async () => {
    const items = Array.from({ length: 24 }, (_, i) => verification(i, 'COMPLETED', scan(String(i), 1)));
    hold(items);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    const served = (await service.served(ID)) ?? [];
    expect(served.length === 24 && served.every((text, i) => text === items[i])).toBe(true);
  });
});

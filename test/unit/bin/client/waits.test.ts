import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../../../../bin/client/attempt.ts';
import { waits } from '../../../../bin/client/waits.ts';

const BEGAN = Date.parse('2026-11-29T12:00:00Z');

/** Waits in virtual time. */
function options(maxWaitMs: number) {
  const clock = { now: BEGAN };
  const lines: string[] = [];
  const slept: number[] = [];
  return {
    lines,
    slept,
    now: () => clock.now,
    async sleep(ms: number) {
      slept.push(ms);
      clock.now += ms;
    },
    print: (line: string) => void lines.push(line),
    maxWaitMs,
  };
}
const answered = { what: 'POST /groups answered 429: QUOTA_EXCEEDED', isAnswer: true, isDoubtful: false };
const unanswered = { what: 'POST /groups has no answer', retryAfterMs: undefined, isAnswer: false, isDoubtful: true };

describe('the waits of a call', () => {
  it('are as long as the service demands, and a line says until when', async () => {
    const made = options(60_000);
    await waits(made, true)({ ...answered, retryAfterMs: 7_000 });
    expect(made.slept).toEqual([7_000]);
    expect(made.lines).toEqual([
      'POST /groups answered 429: QUOTA_EXCEEDED. The next attempt is at 2026-11-29T12:00:07.000Z.',
    ]);
  });

  it('end at once with the time from which the call can succeed, where that is too late', async () => {
    const made = options(60_000);
    await expect(waits(made, true)({ ...answered, retryAfterMs: 43_200_000 })).rejects.toMatchObject({
      status: 3,
      message: 'POST /groups answered 429: QUOTA_EXCEEDED. Run the same command again after 2026-11-30T00:00:00.000Z.',
    });
    expect(made.slept).toEqual([]);
  });

  it('grow to half a minute where the service demands nothing, and end after the longest wait', async () => {
    const made = options(300_000);
    const wait = waits(made, true);
    await expect(
      (async () => {
        for (;;) await wait(unanswered);
      })(),
    ).rejects.toMatchObject({ status: 3, message: 'POST /groups has no answer. Run the same command again later.' });
    expect(made.slept[0]).toBeLessThanOrEqual(500);
    expect(Math.max(...made.slept)).toBeLessThanOrEqual(30_000);
    expect(made.now() - BEGAN).toBeLessThanOrEqual(300_000);
    expect(made.now() - BEGAN).toBeGreaterThan(200_000);
  });

  it('end within 15 seconds where the service has never answered', async () => {
    const made = options(300_000);
    const wait = waits(made, false);
    await expect(
      (async () => {
        for (;;) await wait(unanswered);
      })(),
    ).rejects.toMatchObject({ status: 3 });
    expect(made.now() - BEGAN).toBeLessThanOrEqual(15_000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    ['0.5', 500],
    ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%j is %s ms at noon', (header, ms) => {
    expect(retryAfterOf(header, BEGAN)).toBe(ms);
  });
});

import { describe, expect, it } from 'vitest';
import { type EventBus, pausingBus, type StoredEvent } from '../../../../../functions/domain/events/event-bus.ts';

const EVENT: StoredEvent = { id: 'evt_1', type: 'group.updated', timestamp: '2026-11-29T00:08:03.729Z', body: '{}' };

/** A bus that gives the next of some answers, or throws it, behind the one under test; and a clock. */
function fakeBus(answers: (readonly boolean[] | Error)[]) {
  const clock = { now: 1_800_000_000_000 };
  const calls: (readonly StoredEvent[])[] = [];
  const inner: EventBus = {
    async send(events) {
      calls.push(events);
      const answer = answers[calls.length - 1] ?? [true];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { bus: pausingBus(inner, () => clock.now), clock, calls };
}

describe('a bus that failed', () => {
  it('is not tried for 10 s, and each attempt in between fails at once', async () => {
    const { bus, clock, calls } = fakeBus([new Error('down')]);
    await expect(bus.send([EVENT])).rejects.toThrow('down');
    for (const ms of [0, 5_000, 4_999]) {
      clock.now += ms;
      await expect(bus.send([EVENT])).rejects.toThrow(Error);
    }
    expect(calls).toHaveLength(1);
    clock.now += 1;
    expect(await bus.send([EVENT])).toEqual([true]);
    expect(calls).toHaveLength(2);
  });

  it('is tried once in 10 s while it fails, and at once after it worked', async () => {
    const { bus, clock, calls } = fakeBus([new Error('down'), new Error('still down')]);
    await expect(bus.send([EVENT])).rejects.toThrow('down');
    clock.now += 10_000;
    await expect(bus.send([EVENT])).rejects.toThrow('still down');
    await expect(bus.send([EVENT])).rejects.toThrow(Error);
    clock.now += 10_000;
    await bus.send([EVENT]);
    await bus.send([EVENT]);
    expect(calls).toHaveLength(4);
  });
});

describe('a bus that refuses an event', () => {
  it('passes its answer on, and is tried again at once', async () => {
    const { bus, calls } = fakeBus([[true, false]]);
    expect(await bus.send([EVENT, { ...EVENT, id: 'evt_2' }])).toEqual([true, false]);
    expect(await bus.send([EVENT])).toEqual([true]);
    expect(calls.map((events) => events.map(({ id }) => id))).toEqual([['evt_1', 'evt_2'], ['evt_1']]);
  });
});

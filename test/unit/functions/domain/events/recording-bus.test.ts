import { describe, expect, it } from 'vitest';
import type { EventBus, StoredEvent } from '../../../../../functions/domain/events/event-bus.ts';
import { recordingBus } from '../../../../../functions/domain/events/recording-bus.ts';

const EVENT: StoredEvent = {
  id: 'evt_0123456789abcdefghijkl',
  type: 'group.updated',
  timestamp: '2026-01-01T00:00:00.000Z',
  body: '{}',
};
const EVENTS = [EVENT, { ...EVENT, id: 'evt_abcdefghijkl0123456789' }];
const accepts: EventBus['send'] = async (events) => events.map(() => true);
const refusesOne: EventBus['send'] = async (events) => events.map((_, i) => i > 0);
const givesNoAnswer: EventBus['send'] = () => Promise.reject(new Error('no answer'));

/** A bus that answers differently each time, with what was recorded of it, at the times 1, 2, … */
function busOf(...answers: EventBus['send'][]) {
  const records: (number | undefined)[] = [];
  let at = 0;
  const bus = recordingBus(
    { send: (events) => (answers[at++] ?? accepts)(events) },
    async (failedAt) => void records.push(failedAt),
    () => at,
  );
  return { bus, records };
}

describe('a bus whose failures are recorded', () => {
  it('leaves one record while it works: an earlier run may have recorded a failure', async () => {
    const { bus, records } = busOf(accepts, accepts);
    expect(await bus.send(EVENTS)).toEqual([true, true]);
    await bus.send(EVENTS);
    expect(records).toEqual([undefined]);
  });

  it('leaves a record of each failure, and one when it works again', async () => {
    const { bus, records } = busOf(givesNoAnswer, refusesOne, accepts, accepts);
    await expect(bus.send(EVENTS)).rejects.toThrow('no answer');
    expect(records).toEqual([1]);
    expect(await bus.send(EVENTS)).toEqual([false, true]);
    expect(records).toEqual([1, 2]);
    expect(await bus.send(EVENTS)).toEqual([true, true]);
    await bus.send(EVENTS);
    expect(records).toEqual([1, 2, undefined]);
  });

  it('announces all the same where the record cannot be written', async () => {
    const answers = [refusesOne, accepts];
    const bus = recordingBus(
      { send: (events) => (answers.shift() ?? accepts)(events) },
      () => Promise.reject(new Error('no table')),
      () => 1,
    );
    expect(await bus.send(EVENTS)).toEqual([false, true]);
    expect(await bus.send(EVENTS)).toEqual([true, true]);
  });
});

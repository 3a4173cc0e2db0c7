import { lazy } from '../../../functions/domain/lazy.ts';
import { engines } from '../../fakes/engine.ts';
import { metered } from '../../fakes/metered.ts';
import type { Layout } from '../units/contender.ts';
import { KEEPING, PLAIN } from '../units/layouts.ts';
import { type Measured, measure } from '../units/measure.ts';
import { MIX, type Units } from './bill.ts';
import { EVERY_MINUTE, OURS, type Way } from './life.ts';

/** A layout, its measured cost, and when it refreshes a group. */
export interface Priced {
  readonly layout: Layout;
  readonly units: Units;
  readonly way: Way;
}

/** All ways, measured once on DynamoDB Local; none where no Java was found to run it. */
export const priced = lazy(async (): Promise<readonly Priced[]> => {
  const local = engines.find(({ name }) => name === 'DynamoDB Local');
  if (!local?.available) return [];
  const engine = await local.start();
  const count = metered(engine.client);
  const all: Priced[] = [];
  for (const layout of [...KEEPING, ...PLAIN]) {
    const measured = new Map<number, Measured>();
    for (const { items } of MIX) measured.set(items, await measure(engine, count, layout, items));
    const units: Units = (items) => {
      const one = measured.get(items);
      if (!one) throw new Error('every size of the mix was measured');
      return one;
    };
    all.push({ layout, units, way: KEEPING.includes(layout) ? OURS : EVERY_MINUTE });
  }
  await engine.stop();
  return all;
});

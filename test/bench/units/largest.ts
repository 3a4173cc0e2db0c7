import type { Engine } from '../../fakes/engine.ts';
import { itemsOf, signed } from '../items.ts';
import type { Layout } from './contender.ts';
import { isTooLarge } from './measure.ts';

const RESULT = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const MAX_ITEMS = 4_000;

/** How many items the engine lets a layout store of one group, to the item. */
export async function largest(engine: Engine, layout: Layout): Promise<number> {
  const texts = signed(itemsOf(RESULT, MAX_ITEMS), 0);
  let fits = 0;
  let fails = MAX_ITEMS;
  while (fails - fits > 1) {
    const count = (fits + fails) >> 1;
    const contender = await layout.start(engine, RESULT);
    try {
      await contender.refresh({ texts: texts.slice(0, count), renews: false });
      fits = count;
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      fails = count;
    }
  }
  return fits;
}

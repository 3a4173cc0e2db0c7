import { describe, expect, it } from 'vitest';
import { steadyOrder, steadyRows } from '../../../../../../functions/console/page/lists/steady-order.ts';

describe('the order of a list that is refreshed', () => {
  it('is the latest one while the user points elsewhere', () => {
    expect(steadyOrder(['a', 'b'], ['c', 'a'], false)).toEqual({ ids: ['c', 'a'], waiting: 0 });
  });

  it('stays while the user points at the list, and counts the rows that wait', () => {
    expect(steadyOrder(['a', 'b'], ['c', 'a'], true)).toEqual({ ids: ['a', 'b'], waiting: 2 });
    expect(steadyOrder(['a', 'b'], ['a', 'b', 'c'], true)).toEqual({ ids: ['a', 'b'], waiting: 1 });
  });

  it('has no row waiting where nothing moved', () => {
    expect(steadyOrder(['a', 'b'], ['a', 'b'], true)).toEqual({ ids: ['a', 'b'], waiting: 0 });
  });

  it('is the latest one where nothing was shown yet', () => {
    expect(steadyOrder([], ['a'], true)).toEqual({ ids: ['a'], waiting: 0 });
  });
});

describe('the rows of a steady list', () => {
  it('have their latest values, and stay where they have left the list', () => {
    const shown = new Map([
      ['a', 'a before'],
      ['b', 'b before'],
    ]);
    expect([...steadyRows(['a', 'b'], shown, new Map([['b', 'b now']]))]).toEqual([
      ['a', 'a before'],
      ['b', 'b now'],
    ]);
  });

  it('are those of the order alone, so that a tab that stays open holds no earlier ones', () => {
    const shown = new Map([['a', 'a before']]);
    expect([...steadyRows(['b'], shown, new Map([['b', 'b now']])).keys()]).toEqual(['b']);
  });
});

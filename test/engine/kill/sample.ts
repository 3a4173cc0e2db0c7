import { createHash } from 'node:crypto';

interface Death {
  readonly point: string;
  readonly nth: number;
  readonly side: string;
}

/** One death at each kind of call, drawn from a seed, so that a process still dies at a row of every kind. */
export function oneOfEachKind<D extends Death>(deaths: readonly D[], seed: string): D[] {
  const drawn = ({ nth, side }: Death) => createHash('sha256').update(`${seed} ${nth} ${side}`).digest('hex');
  const ofKind = Map.groupBy(deaths, ({ point }) => point);
  return [...ofKind.values()].map((some) => some.reduce((one, other) => (drawn(other) < drawn(one) ? other : one)));
}

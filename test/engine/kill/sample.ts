import { createHash } from 'node:crypto';

interface Death {
  readonly point: string;
  readonly nth: number;
  readonly side: string;
}

/** One death at every third kind of call, drawn from a seed. */
export function sampleOf<D extends Death>(deaths: readonly D[], seed: string): D[] {
  const drawn = ({ nth, side }: Death) => createHash('sha256').update(`${seed} ${nth} ${side}`).digest('hex');
  const inOrder = deaths.toSorted((one, other) => (drawn(one) < drawn(other) ? -1 : 1));
  const ofKind = [...Map.groupBy(inOrder, ({ point }) => point).values()].flatMap(([first]) => first ?? []);
  return ofKind.slice(0, Math.ceil(ofKind.length / 3));
}

import type { Engine } from '../../fakes/engine.ts';

/** What ours promises and a rival may not keep. */
type Promised = 'one consistent list' | 'due time' | 'history';

/** A fetch of a whole group. */
interface Fetched {
  /** Source texts. */
  readonly texts: readonly string[];
  /** An hour has passed since links were last stored: they are stored anew. */
  readonly renews: boolean;
}

/** A way to keep one group in DynamoDB: what it does is counted by the engine. */
export interface Contender {
  readonly table: string;
  /** What a worker does with a fetch, from reading what is stored to writing down when to look again. */
  refresh(fetched: Fetched): Promise<void>;
  /** A page for a reader, strongly consistent. */
  read(offset: number, size: number): Promise<readonly string[]>;
  /** Not counted: moves what stands between two looks, such as a clock. */
  prepare?(fetched: Fetched): Promise<void>;
}

export interface Layout {
  readonly name: string;
  readonly lacks: readonly Promised[];
  start(engine: Engine, resultId: string): Promise<Contender>;
}

export const OVERALL = 'IN_PROGRESS';

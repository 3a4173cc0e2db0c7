import type { Engine } from '../../fakes/engine.ts';

/** A feature of this service that another layout may lack. */
type Promised = 'one consistent list' | 'due time' | 'history';

/** A fetch of a whole group. */
interface Fetched {
  /** Source texts. */
  readonly texts: readonly string[];
  /** Whether an hour has passed since links were last stored, so that new links are stored. */
  readonly renews: boolean;
}

/** A layout of one group in DynamoDB; the engine counts its units. */
export interface Contender {
  readonly table: string;
  /** A worker's refresh with a fetch, from the read of the stored group to the write of the next due time. */
  refresh(fetched: Fetched): Promise<void>;
  /** A page for a reader, strongly consistent. */
  read(offset: number, size: number): Promise<readonly string[]>;
  /** Not counted: the preparation of the next refresh, such as moving a clock. */
  prepare?(fetched: Fetched): Promise<void>;
}

export interface Layout {
  readonly name: string;
  readonly lacks: readonly Promised[];
  start(engine: Engine, resultId: string): Promise<Contender>;
}

export const OVERALL = 'IN_PROGRESS';

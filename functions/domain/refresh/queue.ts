export interface Due {
  readonly resultId: string;
  readonly due: number;
}

export interface DueIndex {
  /** The groups due by `now`, oldest first, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
  /** The same of erased groups, which are due to be cleaned. */
  toClean(now: number, limit: number): Promise<Due[]>;
}

export interface RefreshQueue {
  /** Queues each once, however often it is asked within five minutes. */
  enqueue(groups: readonly Due[]): Promise<void>;
}

export interface Due {
  readonly resultId: string;
  /** ms since the epoch. */
  readonly due: number;
}

export interface DueIndex {
  /** Returns the tracked groups due by `now` (ms since the epoch), oldest first, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
  /**
   * Returns the groups that are due by `now` for work without an AnyCheck call, oldest first, at most `limit`: cleaning
   * after an erasure, or an announcement.
   */
  withoutCalls(now: number, limit: number): Promise<Due[]>;
}

export interface RefreshQueue {
  /** Queues each group and due time once: repetitions within five minutes are dropped, also after the message was used. */
  enqueue(groups: readonly Due[]): Promise<void>;
}

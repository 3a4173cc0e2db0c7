/**
 * A caller's quota in a window of time. Reading and counting are two steps, so concurrent calls may exceed the quota.
 */
export interface Quota {
  /** Returns what is left in the window; 0 where the quota is spent or exceeded. */
  remaining(): Promise<number>;
  /**
   * Counts `n` uses. It never throws and takes half a second at most, so that a failed count does
   * not lose a known outcome.
   */
  count(n: number): Promise<void>;
}

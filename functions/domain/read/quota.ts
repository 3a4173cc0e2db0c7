/** What one caller may still do in a window of time. Reading and counting are two steps: calls at the same time may exceed it. */
export interface Quota {
  /** What is left in the window; 0 where the quota is spent, or exceeded. */
  remaining(): Promise<number>;
  /** Never throws, and takes half a second at most: an outcome that is known is not lost to its count. */
  count(n: number): Promise<void>;
}

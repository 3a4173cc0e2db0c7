/** The time of a run: this machine's, or a virtual one. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  at(time: number, run: () => unknown): void;
}

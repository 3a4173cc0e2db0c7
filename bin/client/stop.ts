/** How a program of this folder ends. */
export const EXIT = {
  done: 0,
  /** Some lines were refused. */
  refused: 1,
  /** A wrong argument, variable or file. */
  usage: 2,
  /** It stopped before the end. The same command continues. */
  unfinished: 3,
} as const;

/** Ends the program with a sentence for its user. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws Stop */
export function misused(message: string): never {
  throw new Stop(EXIT.usage, message);
}

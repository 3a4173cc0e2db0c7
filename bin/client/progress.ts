/** Where a program shows its progress: standard error, or a stand-in. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Shows progress, and prints lines between. */
export interface Progress {
  /** Shows a bar that is filled by `share`, from 0 to 1, and a text. Undefined: the text alone. */
  show(share: number | undefined, text: string): void;
  print(line: string): void;
  /** Ends the bar. */
  end(): void;
}

const WIDTH = 24;
/** A terminal that does not know its width has 0 columns. */
const DEFAULT_COLUMNS = 80;
/** The shortest time between two lines where the screen is no terminal, ms. */
const LINE_MS = 5_000;

/** A bar on a terminal; elsewhere a line every 5 seconds. @param now ms since the epoch. */
export function progressOn(screen: Screen, now: () => number): Progress {
  let bar = '';
  let printed = now();
  const clear = () => bar !== '' && screen.write(`\r${' '.repeat(bar.length)}\r`);
  return {
    show(share, text) {
      if (screen.isTTY) {
        const filled = Math.floor((share ?? 0) * WIDTH);
        const drawn = share === undefined ? '' : `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] `;
        clear();
        bar = `${drawn}${text}`.slice(0, (screen.columns || DEFAULT_COLUMNS) - 1);
        screen.write(bar);
      } else if (now() - printed >= LINE_MS) {
        screen.write(`${text}\n`);
        printed = now();
      }
    },
    print(line) {
      clear();
      screen.write(`${line}\n${bar}`);
    },
    end() {
      if (bar !== '') screen.write('\n');
      bar = '';
    },
  };
}

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Whether the tests in a browser are left out. */
export const isSkipped = process.env.SKIP_BROWSER === '1';

/** @throws an Error that says what to do where this machine has no Chromium. */
export function chromiumPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `There is no ${NAMES.join(', ')} in PATH. Install one (Debian: apt-get install chromium), or set SKIP_BROWSER=1 to ` +
      'leave the tests of the console out.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium refuses to run as root inside of its sandbox. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), chromiumSandbox: process.getuid?.() !== 0 });

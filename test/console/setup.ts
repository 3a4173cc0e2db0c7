import type { TestProject } from 'vitest/node';
import startStack from '../e2e/stack/setup.ts';
import { chromiumPath, isSkipped } from './browser/chromium.ts';

/** Starts the stack that the tests in a browser share. @throws an Error where there is no browser. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (isSkipped) {
    console.log('SKIP_BROWSER=1: the tests of the console are skipped.');
    return undefined;
  }
  chromiumPath();
  return startStack(project);
}

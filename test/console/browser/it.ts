import type { BrowserContextOptions } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { joinShared } from '../../e2e/stack/shared.ts';
import { isSkipped, launchChromium } from './chromium.ts';
import { createService, type Role } from './service.ts';
import { Tab } from './tab.ts';
import { grantedTo, leaksOf } from './tokens.ts';
import { watch } from './watch.ts';

/** How a test opens a tab. */
interface Opening {
  /** The role of the user who signs in; undefined where the test signs in itself, or not at all. */
  readonly as?: Role;
  /** The query of `/console`. */
  readonly query?: string;
  readonly context?: BrowserContextOptions;
  /** Whether the test can put the clock of the page forward, so that it need not wait for timers. */
  readonly withClock?: boolean;
  /** Where another stack serves the console. */
  readonly origin?: string;
}

/**
 * A test in a browser. After it, no page may have caused a report of the content security policy, an error or a dialog, or
 * put a token where it does not belong.
 */
export const it = base
  .extend('service', { scope: 'file' }, async () => createService(await joinShared()))
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads there what a fixture depends on
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('open', async ({ browser, service }, { onCleanup }) => {
    const checks: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      for (const check of checks) await check();
    });
    return async ({ as, query = '', context: options = {}, origin = service.url, withClock = false }: Opening = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      context.setDefaultTimeout(15_000);
      if (withClock) await context.clock.install();
      const watched = await watch(context);
      const granted = grantedTo(context);
      checks.push(async () => {
        const leaks = await leaksOf(context, watched, await granted());
        await context.close();
        expect({ reports: watched.reports, leaks }).toEqual({ reports: [], leaks: [] });
      });
      const tab = new Tab(await context.newPage(), watched, `${origin}/console`);
      await tab.page.goto(`${origin}/console${query}`);
      if (as !== undefined) await tab.signIn(await service.user(as));
      return tab;
    };
  })
  .skipIf(isSkipped);

import { describe, expect } from 'vitest';
import { it as inBrowser } from './it.ts';
import { leaksOf } from './tokens.ts';
import { watch } from './watch.ts';

/** What the other tests rely on: that a page which misbehaves is seen. */
describe('the watch on a page', () => {
  inBrowser('reports what the content security policy refuses, dialogs and errors', async ({ browser, service }) => {
    const context = await browser.newContext();
    const { reports } = await watch(context);
    const page = await context.newPage();
    await page.goto(`${service.url}/console`);
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'https://example.com/x.png';
      document.body.append(image);
      try {
        document.body.innerHTML = '<b>text</b>';
      } catch {
        // Trusted Types refuse it, which is reported.
      }
      setTimeout(() => {
        throw new Error('of the test');
      });
      alert('of the test');
    });
    await expect
      .poll(() => reports)
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^content security policy: img-src https:\/\/example\.com/),
          expect.stringMatching(/^content security policy: require-trusted-types-for /),
          'uncaught: of the test',
          'dialog: of the test',
        ]),
      );
    await context.close();
  });

  inBrowser('finds a token in an address, in the storage and in the console', async ({ browser, service }) => {
    const context = await browser.newContext();
    const watched = await watch(context);
    const page = await context.newPage();
    await page.goto(`${service.url}/console`);
    expect(await leaksOf(context, watched, ['a-token'])).toEqual([]);
    await page.evaluate(async () => {
      localStorage.setItem('token', 'a-token');
      console.log('signed in with a-token');
      await fetch('/health?token=a-token');
      history.replaceState(null, '', '/console?token=a-token');
    });
    expect(new Set(await leaksOf(context, watched, ['a-token']))).toEqual(
      new Set(['the address of a request', 'the address of the page', 'the browser’s console', 'localStorage']),
    );
    await context.close();
  });
});

import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import * as z from 'zod';
import { bundlePage } from '../../lib/console/bundle-page.ts';
import { html } from '../../lib/console/html.ts';
import { launchChromium } from '../console/browser/chromium.ts';
import { signIn } from '../console/browser/sign-in.ts';
import { eventually } from '../e2e/stack/calls.ts';
import { bodyOf, itemsOf } from './items.ts';
import { type Live, live, USER } from './live.ts';
import { type Bench, median, type Table } from './table.ts';

const ITEMS = 10_000;
const ROWS = 5_000;
const RUNS = 5;
const GOALS = { usable: 2_000, frame: 200 };

/** Records the longest frame of the page. The browser reports a frame of 50 ms and more. */
const OBSERVER = `globalThis.longestFrame = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) globalThis.longestFrame = Math.max(globalThis.longestFrame, duration);
}).observe({ type: 'long-animation-frame', buffered: true });`;

/** One item with a bank statement. */
function statement(id: string): string {
  const rows = Array.from({ length: ROWS }, (_, i) =>
    [
      `{"date":"2026-01-01","description":"TRSF MASUK CONTOH ${i}","reference":${9_007_199_254_740_993_000n + BigInt(i)}`,
      `"debit":null,"credit":${i}.10,"balance":${i}.${String(i).padStart(20, '0')}}`,
    ].join(),
  );
  return `{"id":"${id}","status":"COMPLETED","output":{"transactions":[${rows.join()}]}}`;
}

/** What a user waits for, and what shows that it is there. */
interface Step {
  readonly name: string;
  /** The query of the view; undefined where the step begins on the screen of the step before. */
  readonly query?: string;
  readonly act?: (page: Page) => Promise<void>;
  readonly shown: (page: Page) => Locator;
}

interface Measured {
  readonly ms: number;
  readonly frame: number;
}

/** @returns ms from the navigation or the press until it is shown, and of the longest frame meanwhile. */
async function measure(page: Page, address: string, { query, act, shown }: Step): Promise<Measured> {
  if (query === undefined) await page.evaluate('globalThis.longestFrame = 0');
  const began = performance.now();
  if (query !== undefined) await page.goto(`${address}${query}`, { waitUntil: 'commit' });
  await act?.(page);
  await shown(page).waitFor({ timeout: 120_000 });
  const ms = performance.now() - began;
  // A frame is reported after it.
  await page.waitForTimeout(100);
  return { ms, frame: Number(await page.evaluate('globalThis.longestFrame')) };
}

const stepsOf = (many: string, long: string): readonly Step[] => [
  {
    name: 'the list of groups',
    query: '?view=groups',
    shown: (page) => page.getByRole('row').filter({ hasText: many }),
  },
  {
    name: `a group of ${ITEMS} items: its state and steps`,
    query: `?view=group&id=${many}`,
    shown: (page) => page.getByRole('button', { name: 'Erase' }),
  },
  {
    name: 'its timeline, after that',
    shown: (page) => page.getByRole('img', { name: `${ITEMS} verifications` }),
  },
  {
    name: 'the end of the timeline',
    act: (page) => page.getByRole('region', { name: 'Timeline' }).press('End'),
    shown: (page) => page.getByRole('img').locator('text').last(),
  },
  {
    name: 'its items, page by page',
    query: `?view=group&id=${many}&tab=items`,
    shown: (page) => page.getByText(`Items 1 to 25 of ${ITEMS}.`),
  },
  {
    name: 'the last page of them',
    query: `?view=group&id=${many}&tab=items&offset=${ITEMS - 25}`,
    shown: (page) => page.getByText(`Items ${ITEMS - 24} to ${ITEMS} of ${ITEMS}.`),
  },
  {
    name: `a bank statement of ${ROWS} rows as JSON`,
    query: `?view=group&id=${long}&tab=items&item=0`,
    shown: (page) => page.getByRole('region', { name: 'JSON of item 1' }),
  },
  {
    name: 'a search in it',
    act: (page) => page.getByLabel('Search in the JSON').fill(`CONTOH ${ROWS - 1}`),
    shown: (page) => page.getByText('Matching lines: 1'),
  },
  {
    name: 'its last line',
    act: (page) => page.getByRole('region', { name: 'JSON of item 1' }).press('End'),
    shown: (page) => page.getByText(`"TRSF MASUK CONTOH ${ROWS - 1}"`),
  },
];

const State = z.looseObject({ version: z.number().nullable() });

/** Sets groups at AnyCheck, and waits until the service has them. */
async function track({ stack, sandbox, token }: Live, groups: Readonly<Record<string, string>>): Promise<void> {
  sandbox.controls.setLimits({ limit: null });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (const [id, source] of Object.entries(groups)) {
    sandbox.controls.setGroup(id, source);
    await fetch(`${stack.url}/groups`, { method: 'POST', headers, body: JSON.stringify({ result_ids: [id] }) });
    await eventually(
      async () => State.parse(await (await fetch(`${stack.url}/groups/${id}`, { headers })).json()),
      ({ version }) => version !== null,
      120_000,
    );
  }
}

async function use(running: Live): Promise<readonly Table[]> {
  const [many, long] = [randomUUID(), randomUUID()];
  await track(running, { [many]: bodyOf(itemsOf(many, ITEMS)), [long]: bodyOf([statement(long)]) });
  await using closing = new AsyncDisposableStack();
  const browser = await launchChromium();
  closing.defer(() => browser.close());
  const context = await browser.newContext();
  await context.addInitScript({ content: OBSERVER });
  const page = await context.newPage();
  const address = `${running.stack.url}/console`;
  await page.goto(address);
  await signIn(page, USER);
  const steps = stepsOf(many, long);
  const measured = new Map<Step, Measured[]>(steps.map((step) => [step, []]));
  for (let run = 1; run <= RUNS; run++) {
    for (const step of steps) measured.get(step)?.push(await measure(page, address, step));
  }
  return [
    {
      title: 'The console in Chromium',
      notes: [
        `Medians of ${RUNS} runs, and the longest frame of all of them. Browser and local run share this machine’s processors. ` +
          `Goals: ${GOALS.usable} ms until a view is usable, and frames of at most ${GOALS.frame} ms. The browser reports frames of 50 ms and more.`,
      ],
      columns: ['until it is shown', 'ms', 'longest frame, ms'],
      rows: [...measured].map(([{ name }, all]) => [
        name,
        median(all.map(({ ms }) => ms)).toFixed(0),
        longest(all.map(({ frame }) => frame)),
      ]),
    },
    sizes(),
  ];
}

const longest = (frames: readonly number[]): string => {
  const ms = Math.max(...frames);
  return ms === 0 ? 'under 50' : ms.toFixed(0);
};

/** Bytes of what a browser loads once. */
function sizes(): Table {
  const files = bundlePage();
  const page = { name: 'the page', text: html({ login: 'password' }, files) };
  const rows = [page, ...files].map(
    ({ name, text }) => [name.replace(/^\w+\./, ''), Buffer.byteLength(text), gzipSync(text).length] as const,
  );
  const total = (at: 1 | 2) => rows.reduce((sum, row) => sum + row[at], 0);
  return {
    title: 'What a browser loads of the console',
    notes: ['The goal is 60 KB, gzipped. Script and style sheet are kept for a year.'],
    columns: ['', 'bytes', 'bytes, gzipped'],
    rows: [...rows, ['total', total(1), total(2)]],
  };
}

/** How long a user of the console waits, with the largest groups, and how large the page is. */
export const bench: Bench = () => live({ fresh_seconds: { active: 3600, waiting: 3600, settled: 3600 } }, use, 'admin');

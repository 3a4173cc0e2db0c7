import * as z from 'zod';
import { VersionView } from '../../functions/domain/history/version-view.ts';
import type { Judge } from './judge.ts';
import type { Group } from './world.ts';

/** One call of a client: what came, how long it took, and what was wrong with it. */
export interface Call {
  readonly status: number;
  /** ms. */
  readonly took: number;
  readonly wrong?: string;
}

interface Target {
  readonly url: string;
  readonly token: string;
  readonly group: Group;
  readonly judge: Judge;
  readonly record: (call: Call) => void;
}

const History = z.object({ items: z.array(VersionView) });
const MAX_PAGE_SIZE = 100;
const below = (n: number) => Math.floor(Math.random() * n);

/** What a client does, one after the other: reads in all ways there are. */
const HABITS: readonly ((target: Target) => Promise<void>)[] = [
  async (target) => {
    await page(target, below(300), 1 + below(MAX_PAGE_SIZE));
  },
  async (target) => {
    await page(target, 0, MAX_PAGE_SIZE);
  },
  async (target) => {
    await page(target, 0, 10, { 'cache-control': 'no-cache' });
  },
  async (target) => {
    await page(target, 0, 5, { 'accept-encoding': 'identity' });
  },
  everyPage,
  revalidate,
  earlier,
  history,
];

/** One client's next call or calls of a group. */
export async function behave(target: Target): Promise<void> {
  await HABITS[below(HABITS.length)]?.(target);
}

/** A page of the current version, or of the one that is named, judged. @returns the version, where there was an answer. */
export async function page(target: Target, offset: number, size: number, headers = {}, version?: number) {
  const pinned = version === undefined ? '' : `&snapshot_version=${version}`;
  const got = await get(target, `page_offset=${offset}&page_size=${size}${pinned}`, headers);
  if (got.status !== 200) {
    target.record(got);
    return undefined;
  }
  const served = numberIn(got.headers, 'x-snapshot-version');
  const other = version !== undefined && served !== version ? `version ${served} came for ${version}` : undefined;
  const { requestedAt, body } = got;
  const wrong =
    other ?? target.judge.page({ version: served, age: numberIn(got.headers, 'age'), requestedAt, offset, size, body });
  target.record({ ...got, ...(wrong !== undefined && { wrong }) });
  return { version: served, etag: got.headers.get('etag') ?? '', body };
}

/** All pages, from the first one's version on. */
async function everyPage(target: Target): Promise<void> {
  const first = await page(target, 0, MAX_PAGE_SIZE);
  const total = Number(/^\{"total":(\d+)/.exec(first?.body ?? '')?.[1] ?? 0);
  for (let offset = MAX_PAGE_SIZE; offset < total; offset += MAX_PAGE_SIZE)
    await page(target, offset, MAX_PAGE_SIZE, {}, first?.version);
}

/** A page, and the same once more where it isn't what it was: 304 goes with the version that it was of. */
async function revalidate(target: Target): Promise<void> {
  const first = await page(target, 0, 10);
  if (!first) return;
  const got = await get(target, 'page_size=10', { 'if-none-match': first.etag });
  if (got.status === 304) {
    const version = numberIn(got.headers, 'x-snapshot-version');
    const wrong = version === first.version ? {} : { wrong: `304 of version ${version} for one of ${first.version}` };
    target.record({ ...got, ...wrong });
  } else target.record(got);
}

/** A version of before. */
async function earlier(target: Target): Promise<void> {
  const current = await page(target, 0, 1);
  if (current) await page(target, below(50), 1 + below(50), {}, 1 + below(current.version));
}

/** Every version that there is, and what history tells of each. */
export async function everyVersion(target: Target): Promise<void> {
  const current = await page(target, 0, MAX_PAGE_SIZE);
  for (let version = 1; version <= (current?.version ?? 0); version++)
    await page(target, 0, MAX_PAGE_SIZE, {}, version);
  await history(target);
}

async function history(target: Target): Promise<void> {
  const { url, group, judge, token, record } = target;
  const got = await timed(`${url}/groups/${group.id}/history?limit=100`, { authorization: `Bearer ${token}` });
  const wrong = got.status === 200 ? judge.history(History.parse(JSON.parse(got.body)).items) : undefined;
  record({ ...got, ...(wrong !== undefined && { wrong }) });
}

const get = ({ url, token, group }: Target, query: string, headers: Readonly<Record<string, string>>) =>
  timed(`${url}/verifications?result_id=${group.id}&${query}`, { authorization: `Bearer ${token}`, ...headers });

async function timed(url: string, headers: Readonly<Record<string, string>>) {
  const requestedAt = Date.now();
  const began = performance.now();
  const response = await fetch(url, { headers });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, requestedAt, took: performance.now() - began };
}

const numberIn = (headers: Headers, name: string): number => Number(headers.get(name) ?? Number.NaN);

import * as z from 'zod/mini';
import { type Item, itemOf } from './group.ts';
import { runsOf, unpack } from './pages.ts';
import type { Page, Snapshot } from './snapshot.ts';
import type { Verification } from './verification.ts';

/** A verification's status, as one version had it and the next one has it. */
export interface Transition {
  readonly verificationId: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What a version changed: how many verifications, and which of them changed their status. */
export interface Change {
  readonly added: number;
  readonly removed: number;
  /** How many verifications changed their content; renewed links do not count. */
  readonly changed: number;
  readonly transitions: readonly Transition[];
}

export type Digest = Pick<Item, 'id' | 'status' | 'hash'>;

/** Pages that are read at once. */
const PARALLEL = 8;
const Named = z.object({ id: z.string(), status: z.nullish(z.string()) });

/** Returns the verification of a stored source text. */
export function verificationIn(text: string): Verification {
  const { id, status = null } = Named.parse(JSON.parse(text));
  return { id, status, text };
}

function digestOf(text: string): Digest {
  const { id, status, hash } = itemOf(verificationIn(text));
  return { id, status, hash };
}

/** Compares the items of two versions. */
export function changeOf(before: readonly Digest[], after: readonly Digest[]): Change {
  const old = new Map(before.map((item) => [item.id, item]));
  const transitions: Transition[] = [];
  let added = 0;
  let changed = 0;
  for (const { id, status, hash } of after) {
    const was = old.get(id);
    old.delete(id);
    if (!was) added++;
    else if (was.hash !== hash) changed++;
    if (was && was.status !== status) transitions.push({ verificationId: id, from: was.status, to: status });
  }
  return { added, removed: old.size, changed, transitions };
}

const pageName = ({ introduced, hash }: Page): string => `${introduced} ${hash}`;

/** Returns the pages that are not among `others`. */
export function pagesWithout(pages: readonly Page[], others: readonly Page[]): Page[] {
  const names = new Set(others.map(pageName));
  return pages.filter((page) => !names.has(pageName(page)));
}

/**
 * Returns a snapshot's items in order.
 * @param load returns the packed bytes of pages, in order.
 */
export async function storedDigests(
  { inline, pages }: Snapshot,
  load: (pages: readonly Page[]) => Promise<Uint8Array[]>,
): Promise<Digest[]> {
  return inline ? unpack(inline).map(digestOf) : (await digestsIn(pages, load)).flat();
}

/**
 * Returns a snapshot's items in order. Pages that equal pages of `items` are not read.
 * @param load returns the packed bytes of pages, in order.
 */
export async function digestsOf(
  { inline, pages }: Snapshot,
  items: readonly Item[],
  load: (pages: readonly Page[]) => Promise<Uint8Array[]>,
): Promise<Digest[]> {
  if (inline) return unpack(inline).map(digestOf);
  const runs = new Map(runsOf(items).map(({ hash, run }) => [hash, run]));
  const others = pages.filter(({ hash }) => !runs.has(hash));
  const read = (await digestsIn(others, load)).values();
  return pages.flatMap(({ hash }): readonly Digest[] => runs.get(hash) ?? read.next().value ?? []);
}

async function digestsIn(
  pages: readonly Page[],
  load: (pages: readonly Page[]) => Promise<Uint8Array[]>,
): Promise<Digest[][]> {
  const digests: Digest[][] = [];
  for (let i = 0; i < pages.length; i += PARALLEL) {
    for (const packed of await load(pages.slice(i, i + PARALLEL))) digests.push(unpack(packed).map(digestOf));
  }
  return digests;
}

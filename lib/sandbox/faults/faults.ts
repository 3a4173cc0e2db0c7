import * as z from 'zod';
import { ApiError, errorReply, invalidField } from '../api-error.ts';
import { sessionGone } from '../auth.ts';
import type { Listing } from '../groups/catalogue.ts';
import { withMember, withoutMember } from '../json-source.ts';
import { CODINGS, type Coding, jsonReply, type Reply, sourceReply, type Transmission } from '../reply.ts';
import { type FaultHooks, type FaultKind, faultKind, transportFault } from './fault-kind.ts';
import { strangerOf } from './stranger.ts';

const none = z.strictObject({});
const FOREIGN_GROUP = JSON.stringify('f0000000-0000-4000-8000-00000000000f');

const delivered = (about: string, delivery: Transmission) =>
  transportFault({ about, params: none, hooks: () => ({ reply: (reply) => ({ ...reply, delivery }) }) });

const refused = (about: string, status: number, code: string, message: string) =>
  faultKind({ about, params: none, hooks: () => ({ instead: () => errorReply(new ApiError(status, code, message)) }) });

const bodied = (about: string, change: (body: string) => string) =>
  transportFault({
    about,
    params: none,
    hooks: () => ({ reply: (reply) => ({ ...reply, body: change(reply.body) }) }),
  });

const between = (about: string, listing: (before: Listing) => Listing) =>
  faultKind({ about, pages: 'later', params: none, hooks: () => ({ listing }) });

/** All kinds of fault. A new kind needs only an entry here to be accepted, listed and persisted. */
const FAULTS: Record<string, FaultKind> = {
  status: transportFault({
    about: 'returns `status`, with optional `error_code`, `message` and `headers`',
    params: z.strictObject({
      status: z.int().min(200).max(599),
      error_code: z.string().default('INTERNAL_SERVER_ERROR'),
      message: z.string().default('injected'),
      headers: z.record(z.string(), z.string()).default({}),
    }),
    hooks: ({ status, error_code, message, headers }) => ({
      instead: () => errorReply(new ApiError(status, error_code, message), headers),
    }),
  }),
  raw: transportFault({
    about:
      'returns `status` (default 200) with `headers` and with `body`, `repeat` times and in `codings`, as a proxy or a ' +
      'firewall does',
    params: z.strictObject({
      status: z.int().min(200).max(599).default(200),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.string().default(''),
      repeat: z.int().min(1).max(100_000_000).default(1),
      codings: z.array(z.enum(CODINGS)).optional(),
    }),
    hooks: ({ status, headers, body, repeat, codings }) => ({
      instead: () => inCodings({ status, headers, body: body.repeat(repeat) }, codings),
    }),
  }),
  other_status: transportFault({
    about: 'returns the correct answer with another `status`',
    params: z.strictObject({ status: z.int().min(200).max(599) }),
    hooks: ({ status }) => ({ reply: (reply) => ({ ...reply, status }) }),
  }),
  more_headers: transportFault({
    about: 'returns the correct answer with further `headers`',
    params: z.strictObject({ headers: z.record(z.string(), z.string()) }),
    hooks: ({ headers }) => ({ reply: (reply) => ({ ...reply, headers: { ...reply.headers, ...headers } }) }),
  }),
  coded: transportFault({
    about:
      'returns the correct answer in `codings` that were not asked for (gzip, deflate, deflate-raw, br, zstd); ' +
      '`label` is the value of its `Content-Encoding` (default: their names)',
    params: z.strictObject({ codings: z.array(z.enum(CODINGS)).min(1), label: z.string().optional() }),
    hooks: ({ codings, label }) => ({
      reply: (reply) => inCodings(reply, codings, label),
    }),
  }),
  without_member: transportFault({
    about: 'the answer lacks its `member`, such as `refresh_token`',
    params: z.strictObject({ member: z.string() }),
    hooks: ({ member }) => ({ reply: (reply) => ({ ...reply, body: withoutMember(reply.body, member) }) }),
  }),
  wrapped: bodied('the answer stands in a member `data`', (body) => `{"data":${body}}`),
  delay: transportFault({ about: 'returns the correct answer late; set `delay_ms`', params: none, hooks: () => ({}) }),
  hang: delivered('never answers, and keeps the connection open', 'hang'),
  stall: delivered('sends half of the answer, then stalls', 'stall'),
  reset: delivered('resets the connection instead of answering', 'reset'),
  cut_off: delivered('ends the connection in the middle of the body', 'cut_off'),
  html: transportFault({
    about: 'returns 502 with an HTML page, like a proxy',
    params: none,
    hooks: () => ({ instead: () => htmlReply(502, 'Bad Gateway') }),
  }),
  html_200: transportFault({
    about: 'returns 200 with an HTML page, like a proxy',
    params: none,
    hooks: () => ({ instead: () => htmlReply(200, 'Please sign in') }),
  }),
  empty_body: bodied('a 200 without a body', () => ''),
  truncate: bodied('JSON that stops in the middle, as a well-formed HTTP answer', (body) =>
    body.slice(0, body.length / 2),
  ),
  not_an_object: bodied('a JSON array where an object should be', (body) => `[${body}]`),
  error_200: transportFault({
    about: 'a 200 with an error body',
    params: none,
    hooks: () => ({ instead: () => jsonReply(200, { error_code: 'INTERNAL_SERVER_ERROR', message: 'injected' }) }),
  }),
  bad_key: refused('rejects the credentials as expired', 401, 'API_KEY_EXPIRED', 'the API key has expired'),
  session_gone: faultKind({
    about: 'ends the session like another login: this call and all later ones with its token get 401',
    params: none,
    hooks: () => ({
      instead: ({ endSession }) => {
        endSession();
        return errorReply(sessionGone());
      },
    }),
  }),
  wrong_total: faultKind({
    about: '`total` is off `by` (default 1)',
    params: z.strictObject({ by: z.int().default(1) }),
    hooks: ({ by }) => ({ page: (page, { verifications }) => ({ ...page, total: `${verifications.length + by}` }) }),
  }),
  status_moves: faultKind({
    about: '`overall_status` changes (to `to`) on later pages',
    pages: 'later',
    params: z.strictObject({ to: z.string().default('IN_PROGRESS') }),
    hooks: ({ to }) => ({ page: (page) => ({ ...page, overallStatus: JSON.stringify(to) }) }),
  }),
  unknown_status: faultKind({
    about: 'the first item of the page has an unknown status (`status`)',
    params: z.strictObject({ status: z.string().default('ESCALATED') }),
    hooks: ({ status }) => firstItem((item) => withMember(item, 'status', JSON.stringify(status))),
  }),
  missing_id: faultKind({
    about: 'the first item of the page has no `id`',
    params: none,
    hooks: () => firstItem((item) => withoutMember(item, 'id')),
  }),
  duplicate_id: faultKind({
    about: "the first item of a later page has the id of the group's first",
    pages: 'later',
    params: none,
    hooks: () => ({
      page: (page, { verifications }) => {
        const id = JSON.stringify(verifications[0]?.id ?? null);
        return { ...page, items: page.items.map((item, index) => (index === 0 ? withMember(item, 'id', id) : item)) };
      },
    }),
  }),
  foreign_group: faultKind({
    about: "the page's items belong to another `result_id`",
    params: none,
    hooks: () => ({
      page: (page) => ({ ...page, items: page.items.map((item) => withMember(item, 'result_id', FOREIGN_GROUP)) }),
    }),
  }),
  short_page: faultKind({
    about: 'the page lacks its last item, though the group has it',
    params: none,
    hooks: () => ({ page: (page) => ({ ...page, items: page.items.slice(0, -1) }) }),
  }),
  empty_page: faultKind({
    about: 'the page holds no item, though the group has more',
    pages: 'later',
    params: none,
    hooks: () => ({ page: (page) => ({ ...page, items: [] }) }),
  }),
  cap: faultKind({
    about: 'a page holds at most `max` items (default 20), whatever `page_size` says',
    params: z.strictObject({ max: z.int().min(1).default(20) }),
    hooks: ({ max }) => ({ page: (page) => ({ ...page, items: page.items.slice(0, max) }) }),
  }),
  refuse_size: faultKind({
    about: 'a `page_size` above `max` (default 50) gets a 400',
    params: z.strictObject({ max: z.int().min(1).default(50) }),
    hooks: ({ max }) => ({
      instead: ({ pageSize }) =>
        pageSize > max ? errorReply(invalidField('page_size', `is above ${max}`)) : undefined,
    }),
  }),
  shuffle: faultKind({
    about: 'the group has another order, as a list without a stable sort',
    params: none,
    hooks: () => ({ listing: (listing) => ({ ...listing, verifications: shuffled(listing.verifications) }) }),
  }),
  grow: faultKind({
    about: 'an item appears at the front every `every_ms` (default 1000) since `since` (ms since the epoch)',
    params: z.strictObject({ since: z.number(), every_ms: z.int().min(1).default(1000) }),
    hooks: ({ since, every_ms }) => ({
      listing: (listing) => {
        const count = Math.max(0, Math.floor((Date.now() - since) / every_ms));
        const inserted = Array.from({ length: count }, (_, i) => strangerOf(listing, count - i)).flat();
        const verifications = [...inserted, ...listing.verifications];
        return { ...listing, verifications, total: `${verifications.length}` };
      },
    }),
  }),
  drop_item: between('between two pages the first item of the group disappears', (listing) => {
    const verifications = listing.verifications.slice(1);
    return { ...listing, verifications, total: `${verifications.length}` };
  }),
  insert_item: between('between two pages an item appears at the front', (listing) => {
    const verifications = [...strangerOf(listing), ...listing.verifications];
    return { ...listing, verifications, total: `${verifications.length}` };
  }),
  swap_item: between(
    'between two pages the first item disappears and another appears at the end; `total` stays',
    (listing) => ({
      ...listing,
      verifications: [...listing.verifications.slice(1), ...strangerOf(listing)],
    }),
  ),
  move_item: between('between two pages the last item moves to the front; `total` stays', (listing) => ({
    ...listing,
    verifications: [...listing.verifications.slice(-1), ...listing.verifications.slice(0, -1)],
  })),
  wrong_types: faultKind({
    about: '`field` (total, overall_status or items; default all) has a wrong type',
    params: z.strictObject({ field: z.enum(['total', 'overall_status', 'items']).optional() }),
    hooks: ({ field }) => ({ reply: (reply) => wrongTypes(reply, field) }),
  }),
};

/** The kind with this name; undefined where there is none. */
export function faultNamed(kind: string): FaultKind | undefined {
  return Object.hasOwn(FAULTS, kind) ? FAULTS[kind] : undefined;
}

/** A queued fault's hooks. A kind from an old state file that no longer exists has none. */
export function openFault(kind: string, params: unknown): FaultHooks {
  return faultNamed(kind)?.open(params) ?? {};
}

/** All kinds with their descriptions, in the table's order. */
export function faultKinds(): { kind: string; about: string }[] {
  return Object.entries(FAULTS).map(([kind, { about }]) => ({ kind, about }));
}

function firstItem(change: (item: string) => string): FaultHooks {
  return { page: (page) => ({ ...page, items: page.items.map((item, index) => (index === 0 ? change(item) : item)) }) };
}

function inCodings(reply: Reply, codings: readonly Coding[] | undefined, label?: string): Reply {
  if (!codings) return reply;
  const names = codings.map((coding) => coding.replace('-raw', '')).join(', ');
  return { ...reply, codings, headers: { ...reply.headers, 'content-encoding': label ?? names } };
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

function htmlReply(status: number, title: string): Reply {
  const body = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { ...sourceReply(status, body), headers: { 'content-type': 'text/html' } };
}

function wrongTypes(reply: Reply, only: string | undefined): Reply {
  const wrong = { total: '"many"', overall_status: '7', items: '{"0":null}' };
  const fields = Object.entries(wrong).filter(([field]) => only === undefined || field === only);
  const body = fields.reduce((source, [field, value]) => withMember(source, field, value), reply.body);
  return { ...reply, body };
}

/** One deliberate breakage: `from` stands exactly once in the file. */
export interface Breakage {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The suites or test files that are asked, in this order, until one notices: the races and the killed processes, unless this says otherwise. */
  readonly tests?: readonly string[];
}

const schedules = 'functions/adapters/dynamodb/schedules.ts';
const publications = 'functions/adapters/dynamodb/publications.ts';
const erasures = 'functions/adapters/dynamodb/erasures.ts';
const publish = 'functions/domain/refresh/publish.ts';
const refresh = 'functions/domain/refresh/refresh.ts';
const sightings = 'functions/domain/refresh/sightings.ts';
const fetchPages = 'functions/domain/refresh/fetch-pages.ts';
const anything = "'attribute_exists(pk) OR attribute_not_exists(pk)'";

/** The rules of the protocol, each broken once. */
export const BREAKAGES: readonly Breakage[] = [
  {
    what: 'pages are written after the current row names them',
    file: publish,
    from: '  await store.putPages(resultId, added);\n',
    to: '',
  },
  {
    what: 'the superseded version is not archived',
    file: publish,
    from: 'if (superseded && isVersion) await store.archive(',
    to: 'if (superseded && !isVersion) await store.archive(',
  },
  {
    what: 'a publish is not announced by a note',
    file: publish,
    from: 'if (!(await store.recordPublishIntent(resultId, schedule.due, schedule.publishIntent, revision))) return undefined;',
    to: '',
  },
  {
    what: 'the current row is replaced whatever its revision',
    file: publications,
    from: 'writes.put(currentRow(resultId, snapshot), atRevision(before))',
    to: `writes.put(currentRow(resultId, snapshot), { when: ${anything} })`,
  },
  {
    what: 'the fence (revision, due time and note) is read after AnyCheck was asked',
    file: refresh,
    from: 'const publication = { resultId, schedule, stored, fetched, phase, forced, now };',
    to: [
      'const late = await store.read(resultId);',
      'const found2 = { ...schedule, ...late.schedule, due: late.schedule?.due ?? schedule.due };',
      'const publication = { resultId, schedule: found2, stored: late, fetched, phase, forced, now };',
    ].join('\n  '),
  },
  {
    what: 'pages are named by their content alone',
    file: 'functions/adapters/dynamodb/layout/keys.ts',
    from: '`${PAGES}${digits(page.introduced)}#${page.hash}#${part}`',
    to: '`${PAGES}${digits(1)}#${page.hash}#${part}`',
  },
  {
    what: 'the loser of a race leaves its pages',
    file: publish,
    from: 'await store.expirePages(resultId, pagesWithout(added, winner?.pages ?? []), revision, now());',
    to: 'void winner;',
  },
  {
    what: 'the winner leaves the pages that it superseded',
    file: publish,
    from: 'await store.expirePages(resultId, pagesWithout(previous?.pages ?? [], pages), next.since, now());',
    to: '',
  },
  {
    what: 'who finds a note does not fence the dead publish',
    file: publish,
    from: 'if (stored.revision < intended && !(await store.fence(resultId, stored, intended))) return undefined;',
    to: '',
  },
  {
    what: 'who finds a note leaves the dead publish’s pages',
    file: publish,
    from: 'await store.expireOthers(resultId, pages, { revision, since, now });',
    to: 'void [pages, since];',
  },
  {
    what: 'a note is taken for any due time',
    file: publications,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', found)}`,\n          values: { ':due': due, ...bound('publishing', found) },",
    to: "when: `${is('publishing', found)} AND :due = :due`,\n          values: { ':due': due, ...bound('publishing', found) },",
  },
  {
    what: 'a note is taken though another stands',
    file: publications,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', found)}`,\n          values: { ':due': due, ...bound('publishing', found) },",
    to: "when: 'due = :due',\n          values: { ':due': due },",
  },
  {
    what: 'a look ends whatever the due time is by now',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', intent)} AND ${when}`,",
    to: "when: `${IS_TRACKED} AND :due = :due AND ${is('publishing', intent)} AND ${when}`,",
  },
  {
    what: 'a look ends with somebody else’s note',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', intent)} AND ${when}`,\n            values: { ':due': from, ...bound('publishing', intent), ...values },",
    to: "when: `due = :due AND ${when}`,\n            values: { ':due': from, ...values },",
    tests: ['test/engine/functions/adapters/dynamodb/snapshot-store.test.ts'],
  },
  {
    what: 'a look that fails moves no due time',
    file: refresh,
    from: 'await finish(now() + backoff(failures, random(), error), { failures, error: error.reason, failingSince });',
    to: '',
  },
  {
    what: 'a failed look counts as confirmed',
    file: schedules,
    from: '? { failures: outcome.failures,',
    to: '? { failures: 0,',
  },
  {
    what: 'a hint during a look is forgotten when the look ends',
    file: schedules,
    from: "'(attribute_not_exists(asked) OR asked <= :begun)', { ':begun': begun }",
    to: "':begun = :begun', { ':begun': begun }",
  },
  {
    what: 'a hint that meets the end of a look is lost between the two',
    file: schedules,
    from: 'return (await expedite(resultId, at)) ? [at] : queued;',
    to: 'return queued;',
  },
  {
    what: 'a group is claimed while another reader fetches it',
    file: schedules,
    from: "const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';",
    to: "const NOT_LEASED = ':now = :now';",
    tests: ['test/engine/functions/adapters/dynamodb/snapshot-store.test.ts'],
  },
  {
    what: 'a group that killed its worker keeps its due time',
    file: 'functions/domain/refresh/refresh-due.ts',
    from: '(await store.quarantine(resultId, aside))\n    ? refreshGroup(deps, resultId, { ...found, schedule: { ...schedule, due: next, failures } }, signal)',
    to: 'aside\n    ? refreshGroup(deps, resultId, { ...found, schedule: { ...schedule, due: schedule.due } }, signal)',
    tests: ['test/engine/functions/domain/refresh/refresh-due.test.ts'],
  },
  {
    what: 'a message for another due time is taken',
    file: 'functions/domain/refresh/refresh-due.ts',
    from: '|| !isMeant(schedule, due, now())',
    to: '',
    tests: ['test/engine/functions/domain/refresh/refresh.test.ts'],
  },
  {
    what: 'an item that one attempt alone shows counts as proven',
    file: sightings,
    from: 'first <= time && last >= time',
    to: 'last >= 0 || first <= time',
    tests: ['test/unit/functions/domain/refresh/moments.test.ts'],
  },
  {
    what: 'an item counts as unchanged between two sightings whatever it held',
    file: sightings,
    from: 'before?.item.hash === item.hash ? before.first : time',
    to: 'before ? before.first : time',
    tests: ['test/unit/functions/domain/refresh/moments.test.ts'],
  },
  {
    what: 'a group is believed with fewer items than total says',
    file: sightings,
    from: 'existing.length === listing.total',
    to: 'existing.length >= 1 && existing.length <= listing.total',
    tests: ['test/unit/functions/domain/refresh/fetch-consistent.test.ts'],
  },
  {
    what: 'pages that disagree are not noticed',
    file: fetchPages,
    from: "throw inconsistent('disagree on overall_status');",
    to: 'void 0;',
    tests: ['test/unit/functions/domain/refresh/fetch-consistent.test.ts'],
  },
  {
    what: 'the second attempt tears a list in the same places as the first',
    file: fetchPages,
    from: 'const requested = offset === 0 && isHalved ? Math.ceil(size / 2) : size;',
    to: 'const requested = offset === 0 && isHalved ? size : size;',
    tests: ['test/unit/functions/domain/refresh/moments.test.ts'],
  },
  {
    what: 'a later page may be short',
    file: fetchPages,
    from: 'items.length > 0 && (at === 0 || items.length === short)',
    to: 'items.length > 0',
    tests: ['test/unit/functions/domain/refresh/moments.test.ts'],
  },
  {
    what: 'a cap is forgotten',
    file: 'functions/domain/refresh/page-size.ts',
    from: 'now - cappedAt < CAP_HOLDS_MS',
    to: 'cappedAt === now',
    tests: ['test/unit/functions/domain/refresh/page-size.test.ts'],
  },
  {
    what: 'another order is another content',
    file: 'functions/domain/group/group.ts',
    from: 'UNORDERED + ordered(group, parts.toSorted())',
    to: 'UNORDERED + ordered(group, parts)',
    tests: ['test/engine/functions/domain/refresh/unsorted.test.ts'],
  },
  {
    what: 'a new version takes AnyCheck’s order though it is none',
    file: 'functions/domain/refresh/publication.ts',
    from: 'items: inStoredOrder(items, before)',
    to: 'items: before.length < 0 ? inStoredOrder(items, before) : items',
    tests: ['test/engine/functions/domain/refresh/unsorted.test.ts'],
  },
  {
    what: 'a stored hash from earlier code makes a version of another order',
    file: 'functions/domain/refresh/publication.ts',
    from: 'const isSame = hasContent(group, snapshot.content);',
    to: 'const isSame = hasContent(fetched.group, snapshot.content);',
    tests: ['test/engine/functions/adapters/dynamodb/stored-rows.test.ts'],
  },
  {
    what: 'what a version changed is lost with the publish that died',
    file: publish,
    from: '      await record(store, resultId, superseded, snapshot, await changeBetween(store, resultId, superseded, snapshot));\n',
    to: '      void superseded;\n',
  },
  {
    what: 'who began before an erasure can still publish',
    file: erasures,
    from: 'const AHEAD = 2;',
    to: 'const AHEAD = 0;',
  },
  {
    what: 'an erased group is followed anew before nobody can publish what was there',
    file: schedules,
    from: 'const when = `${IS_NOT_TRACKED} AND sealed = :sealed`;',
    to: 'const when = `${IS_NOT_TRACKED} AND (sealed = :sealed OR attribute_not_exists(sealed))`;',
  },
  {
    what: 'a look ends though its group was erased and followed anew',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', intent)} AND ${when}`,",
    to: "when: `(:due > :due OR attribute_exists(pk)) AND ${is('publishing', intent)} AND ${when}`,",
  },
  {
    what: 'what is erased is deleted once only',
    file: 'functions/domain/refresh/clean.ts',
    from: 'return found === 0 && now() >= cleanUntil;',
    to: 'return found >= 0 && now() >= 0 * cleanUntil;',
  },
  {
    what: 'a redacted group is fetched as it is',
    file: refresh,
    from: 'rewrite: schedule.redactedAt === undefined ? undefined : redactedVerification,',
    to: 'rewrite: schedule.redactedAt === undefined ? redactedVerification : undefined,',
  },
  {
    what: 'the seal of one erasure counts for a later one',
    file: erasures,
    from: "AND ${is('erased_at', found.schedule?.erasedAt)}`",
    to: 'AND (attribute_not_exists(sealed) OR :erased_at > :erased_at OR attribute_exists(pk))`',
    tests: ['test/engine/functions/domain/erasure/erase-meanwhile.test.ts'],
  },
  {
    what: 'who insists is served what was erased meanwhile',
    file: 'functions/domain/read/refresh-first.ts',
    from: '    group = await store.read(resultId);\n',
    to: '    if (own === undefined) group = await store.read(resultId);\n',
    tests: ['test/engine/functions/domain/erasure/erase-meanwhile.test.ts'],
  },
  {
    what: 'the rows behind a page’s first are not redacted again',
    file: 'functions/adapters/dynamodb/clean-rows.ts',
    from: 'if (readsTheSame && parts === 1) return undefined;',
    to: 'if (readsTheSame) return undefined;',
    tests: ['test/engine/functions/domain/erasure/erase-meanwhile.test.ts'],
  },
  {
    what: 'a listing takes the cursor of the other order',
    file: 'functions/groups/list-groups.ts',
    from: 'order: z.literal(order), ',
    to: 'order: z.string(), ',
    tests: ['test/unit/functions/groups/list-groups.test.ts'],
  },
  {
    what: 'a listing by the oldest change reads what lies behind its cursor',
    file: 'functions/groups/list-groups.ts',
    from: 'order, after: bound }',
    to: 'order, before: bound }',
    tests: ['test/unit/functions/groups/list-groups.test.ts'],
  },
  {
    what: 'the same due time is queued as often as it is swept',
    file: 'functions/adapters/aws/refresh-queue.ts',
    from: 'MessageDeduplicationId: `${group.resultId}-${group.due}`,',
    to: 'MessageDeduplicationId: `${group.resultId}-${group.due}-${Math.random()}`,',
    tests: ['test/engine/functions/adapters/aws/refresh-queue.test.ts'],
  },
  {
    what: 'everybody logs in for himself',
    file: 'functions/adapters/anycheck/session.ts',
    from: "{ when: 'attribute_not_exists(lock_until) OR lock_until <= :now', values: { ':now': now() } },",
    to: "{ when: 'attribute_exists(pk) OR attribute_not_exists(pk)' },",
    tests: ['test/engine/functions/adapters/anycheck/client.test.ts'],
  },
  {
    what: 'everybody may probe an open circuit',
    file: 'functions/adapters/dynamodb/budget-row.ts',
    from: "when: 'probe_at <= :now', values",
    to: "when: ':now = :now', values",
    tests: ['test/engine/functions/domain/upstream/limiter.test.ts'],
  },
  {
    what: 'AnyCheck’s Retry-After holds nobody back',
    file: 'functions/domain/upstream/feedback.ts',
    from: 'const isPaused = await pause(Math.max(reset ?? 0, refusedUntil));',
    to: 'const isPaused = refusedUntil < 0;',
    tests: ['test/engine/functions/domain/upstream/limiter.test.ts'],
  },
  {
    what: 'an id or a status may have any length',
    file: 'functions/domain/group/verification.ts',
    from: 'const MAX_NAME_LENGTH = 1_000;',
    to: 'const MAX_NAME_LENGTH = 1_000_000;',
    tests: ['test/engine/functions/domain/values.test.ts'],
  },
  {
    what: 'an overall status is cut in the middle of a character',
    file: 'functions/domain/group/summary.ts',
    from: '.slice(0, MAX_LENGTH).toWellFormed()',
    to: '.slice(0, MAX_LENGTH)',
    tests: ['test/engine/functions/domain/values.test.ts'],
  },
  {
    what: 'transitions are stored whatever their size',
    file: 'functions/adapters/dynamodb/change-rows.ts',
    from: 'if (text.length > MAX_TRANSITIONS_BYTES) continue;',
    to: 'if (text.length > 0) return zstdCompressSync(text);',
    tests: ['test/engine/functions/domain/values.test.ts'],
  },
  {
    what: 'a group with damaged rows cannot be erased',
    file: 'functions/domain/erasure/erase.ts',
    from: 'await store.repair(resultId, now());',
    to: 'throw error;',
    tests: ['test/engine/functions/domain/values.test.ts'],
  },
];

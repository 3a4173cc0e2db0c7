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
const dueTime = 'functions/domain/refresh/due-time.ts';
const publish = 'functions/domain/refresh/publish.ts';
const refresh = 'functions/domain/refresh/refresh.ts';
const fetchConsistent = 'functions/domain/refresh/fetch-consistent.ts';
const fetchPages = 'functions/domain/refresh/fetch-pages.ts';
const anything = "'attribute_exists(pk) OR attribute_not_exists(pk)'";

/** The rules of the protocol, each broken once. */
export const BREAKAGES: readonly Breakage[] = [
  {
    what: 'pages are written after the current record names them',
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
    what: 'a publish records no publish intent',
    file: publish,
    from: 'if (!(await store.recordPublishIntent(resultId, schedule.due, schedule.publishIntent, revision))) return undefined;',
    to: '',
  },
  {
    what: 'the current record is replaced at any revision',
    file: publications,
    from: 'writes.put(currentRow(resultId, snapshot), atRevision(before))',
    to: `writes.put(currentRow(resultId, snapshot), { when: ${anything} })`,
  },
  {
    what: 'the fence (revision, due time and publish intent) is read after the call to AnyCheck',
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
    what: 'a run that finds a publish intent does not fence the dead publish',
    file: publish,
    from: 'if (stored.revision < intended && !(await store.fence(resultId, stored, intended))) return undefined;',
    to: '',
  },
  {
    what: 'a run that finds a publish intent leaves the dead publish’s pages',
    file: publish,
    from: 'await store.expireOthers(resultId, pages, { revision, since, now });',
    to: 'void [pages, since];',
  },
  {
    what: 'a publish intent is recorded at any due time',
    file: publications,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', found)}`,\n          values: { ':due': due, ...bound('publishing', found) },",
    to: "when: `${is('publishing', found)} AND :due = :due`,\n          values: { ':due': due, ...bound('publishing', found) },",
  },
  {
    what: 'a publish intent replaces one that the run did not find',
    file: publications,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', found)}`,\n          values: { ':due': due, ...bound('publishing', found) },",
    to: "when: 'due = :due',\n          values: { ':due': due },",
  },
  {
    what: 'a refresh ends at any due time',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,",
    to: "when: `${IS_TRACKED} AND :due = :due AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,",
  },
  {
    what: 'a refresh ends with another run’s publish intent',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,\n        values: { ':due': attempt.from, ...bound('publishing', attempt.intent), ...bound('asked', asked) },",
    to: "when: `due = :due AND ${is('asked', asked)}`,\n        values: { ':due': attempt.from, ...bound('asked', asked) },",
    tests: ['test/engine/functions/adapters/dynamodb/snapshot-store.test.ts'],
  },
  {
    what: 'a failed refresh moves no due time',
    file: refresh,
    from: "await finish(next, 'failure', { failures, error: error.reason, failingSince });",
    to: 'void next;',
  },
  {
    what: 'a failed refresh counts as confirmed',
    file: schedules,
    from: '? { failures: outcome.failures,',
    to: '? { failures: 0,',
  },
  {
    what: 'a refresh request during a refresh is lost when the refresh ends',
    file: dueTime,
    from: 'requestedAt > begun)',
    to: 'requestedAt > begun && begun < 0)',
  },
  {
    what: 'a refresh request is lost where it coincides with the end of a refresh',
    file: schedules,
    from: 'return (await expedite(resultId, due)) ? due : undefined;',
    to: 'return due < 0 ? due : undefined;',
  },
  {
    what: 'a request is lost where the refresh that ends consumes the one before it',
    file: schedules,
    from: 'const latest = `${IS_TRACKED} AND (attribute_not_exists(asked) OR asked < :asked)`;',
    to: "const latest = 'asked < :asked';",
    tests: ['test/engine/functions/domain/refresh/bursts.test.ts'],
  },
  {
    what: 'a due time that was queued is set again',
    file: dueTime,
    from: 'return Math.max(now, 1 + Math.max(expeditedDue, lastAttempt, due <= now ? due : 0));',
    to: 'return Math.max(now, 0 * (due + expeditedDue + lastAttempt));',
    tests: ['test/unit/functions/domain/refresh/due-time.test.ts'],
  },
  {
    what: 'a group is expedited to a due time that was queued',
    file: schedules,
    from: '${NOT_LEASED} AND ${NEVER_QUEUED}`',
    to: '${NOT_LEASED} AND (:now = :now OR ${NEVER_QUEUED})`',
    tests: ['test/engine/functions/domain/refresh/request-refresh.test.ts'],
  },
  {
    what: 'a refresh that another run superseded leaves its group under a message that is used up',
    file: 'functions/domain/refresh/refresh-due.ts',
    from: "if (result.kind !== 'superseded') return result;",
    to: "if (result.kind !== 'failed' || deps) return result;",
    tests: ['test/engine/functions/domain/refresh/refresh-due.test.ts'],
  },
  {
    what: 'a group that was requested during its refresh waits for the sweep',
    file: refresh,
    from: "if (due === undefined || queuedBy === 'sweep') return;",
    to: "if (due === undefined || queuedBy !== 'run, for later') return;",
    tests: ['test/engine/functions/domain/refresh/request-refresh.test.ts'],
  },
  {
    what: 'a group is forgotten though a refresh was requested since its fetch began',
    file: erasures,
    from: '(attribute_not_exists(asked) OR asked <= :begun)',
    to: '(attribute_not_exists(asked) OR asked <= :begun OR asked > :begun)',
    tests: ['test/engine/functions/domain/refresh/request-refresh.test.ts'],
  },
  {
    what: 'a webhook that comes before AnyCheck’s own data is not rechecked',
    file: dueTime,
    from: 'requestedAt + after).find((at) => at >= now + MIN_AHEAD_MS);',
    to: 'requestedAt + after).find((at) => at < now - 1e15);',
    tests: ['test/unit/functions/domain/refresh/due-time.test.ts'],
  },
  {
    what: 'a recheck is refreshed beside the group’s other messages',
    file: 'functions/refresh/refresh-message.ts',
    from: 'if (attributes.MessageGroupId === undefined) return deps.queue.enqueue([parseMessage(body)]);',
    to: '',
    tests: ['test/engine/functions/refresh/refresh-message.test.ts'],
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
    what: 'a message for another due time is processed',
    file: 'functions/domain/refresh/refresh-due.ts',
    from: '|| !isMeant(schedule, due, now())',
    to: '',
    tests: ['test/engine/functions/domain/refresh/refresh.test.ts'],
  },
  {
    what: 'several pages are accepted after one fetch',
    file: fetchConsistent,
    from: 'content === before',
    to: 'content !== before',
    tests: ['test/engine/functions/domain/refresh/refresh.test.ts'],
  },
  {
    what: 'an id twice is not noticed',
    file: fetchPages,
    from: "throw inconsistent('hold an id twice');",
    to: 'void 0;',
    tests: ['test/unit/functions/domain/refresh/fetch-consistent.test.ts'],
  },
  {
    what: 'pages that disagree are not noticed',
    file: fetchPages,
    from: "throw inconsistent('disagree on total or overall_status');",
    to: 'void 0;',
    tests: ['test/unit/functions/domain/refresh/fetch-consistent.test.ts'],
  },
  {
    what: 'the change record is lost with a dead publish',
    file: publish,
    from: '    await unlessErased(store, resultId, schedule, () => record(store, resultId, superseded, snapshot));\n',
    to: '    void superseded;\n',
  },
  {
    what: 'a run that began before an erasure can still publish',
    file: erasures,
    from: 'const AHEAD = 2;',
    to: 'const AHEAD = 0;',
  },
  {
    what: 'an erased group is tracked anew before its tombstone is fenced',
    file: schedules,
    from: 'const when = `${IS_NOT_TRACKED} AND sealed = :sealed`;',
    to: 'const when = `${IS_NOT_TRACKED} AND (sealed = :sealed OR attribute_not_exists(sealed))`;',
  },
  {
    what: 'a refresh ends though its group was erased and tracked anew',
    file: schedules,
    from: "when: `${IS_TRACKED} AND due = :due AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,",
    to: "when: `(:due > :due OR attribute_exists(pk)) AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,",
  },
  {
    what: 'erased content is deleted only once',
    file: 'functions/domain/refresh/clean.ts',
    from: 'return found === 0 && now() >= cleanUntil;',
    to: 'return found >= 0 && now() >= 0 * cleanUntil;',
  },
  {
    what: 'a redacted group is fetched without redaction',
    file: refresh,
    from: 'rewrite: schedule.redactedAt === undefined ? undefined : redactedVerification,',
    to: 'rewrite: schedule.redactedAt === undefined ? redactedVerification : undefined,',
  },
  {
    what: 'the fence of one erasure counts for a later one',
    file: erasures,
    from: "AND ${is('erased_at', found.schedule?.erasedAt)}`",
    to: 'AND (attribute_not_exists(sealed) OR :erased_at > :erased_at OR attribute_exists(pk))`',
    tests: ['test/engine/functions/domain/erasure/erase-meanwhile.test.ts'],
  },
  {
    what: 'a reader with no-cache receives content that was erased meanwhile',
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
    what: 'a listing by the oldest change reads entries behind its cursor',
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
    what: 'every worker logs in by itself',
    file: 'functions/adapters/anycheck/session.ts',
    from: "{ when: 'attribute_not_exists(lock_until) OR lock_until <= :now', values: { ':now': now() } },",
    to: "{ when: 'attribute_exists(pk) OR attribute_not_exists(pk)' },",
    tests: ['test/engine/functions/adapters/anycheck/client.test.ts'],
  },
  {
    what: 'every caller may probe an open circuit',
    file: 'functions/adapters/dynamodb/budget-row.ts',
    from: "when: 'probe_at <= :now', values",
    to: "when: ':now = :now', values",
    tests: ['test/engine/functions/domain/upstream/limiter.test.ts'],
  },
  {
    what: 'an HTML page with a 200 does not count against AnyCheck',
    file: 'functions/domain/upstream/assessment.ts',
    from: "if (reason === 'MALFORMED') return unusable('group', reason);",
    to: "if (reason === 'MALFORMED') return neutral('group', reason);",
    tests: ['test/engine/bench/outage.test.ts'],
  },
  {
    what: 'a proxy’s 404 says that a group is unknown',
    file: 'functions/domain/upstream/assessment.ts',
    from: 'if (code === undefined) {',
    to: 'if (code === undefined && status !== 404) {',
    tests: ['test/unit/functions/domain/upstream/assessment.test.ts'],
  },
  {
    what: 'two malformed groups stop the calls of all others',
    file: 'functions/domain/upstream/breaker.ts',
    from: 'const OPENING_GROUPS = { nobody: 4, group: 4,',
    to: 'const OPENING_GROUPS = { nobody: 4, group: 1,',
    tests: ['test/engine/bench/outage.test.ts'],
  },
  {
    what: 'a login after which every token is refused closes the circuit',
    file: 'functions/domain/upstream/breaker.ts',
    from: 'const isWorking = !isLogin && (budget',
    to: 'const isWorking = (budget',
    tests: ['test/engine/functions/adapters/anycheck/session.test.ts'],
  },
  {
    what: 'a failed login is repeated at the next read',
    file: 'functions/adapters/anycheck/session.ts',
    from: 'logins.credentials === version && logins.count > 0',
    to: 'logins.credentials === version && logins.count < 0',
    tests: ['test/engine/functions/adapters/anycheck/session.test.ts'],
  },
  {
    what: 'a refresh token that hangs is used again and again',
    file: 'functions/adapters/anycheck/session.ts',
    from: "writes.update(SESSION_KEY, { remove: ['refresh_token'] }, whileLocked(until));",
    to: "writes.update(SESSION_KEY, { remove: ['refused_token'] }, whileLocked(until));",
    tests: ['test/engine/functions/adapters/anycheck/session.test.ts'],
  },
  {
    what: 'a fraction in Retry-After shortens the pause',
    file: 'functions/domain/upstream/rate-limit.ts',
    from: 'const pause = Math.max(announced, own);',
    to: 'const pause = announced || own;',
    tests: ['test/unit/functions/adapters/anycheck/waiting.test.ts'],
  },
  {
    what: 'an answer may decode to any size',
    file: 'functions/adapters/anycheck/content-coding.ts',
    from: '{ maxOutputLength: limit }',
    to: '{ maxOutputLength: 2 ** 30 }',
    tests: ['test/engine/functions/adapters/anycheck/http.test.ts'],
  },
  {
    what: 'AnyCheck’s Retry-After pauses no call',
    file: 'functions/domain/upstream/feedback.ts',
    from: 'const isPaused = await pause(Math.max(reset ?? 0, refusedUntil));',
    to: 'const isPaused = refusedUntil < 0;',
    tests: ['test/engine/functions/domain/upstream/limiter.test.ts'],
  },
];

// Exports the history of groups for an auditor: `npm run export -- --since 2026-11-01`.
import { setTimeout as sleep } from 'node:timers/promises';
import { accessFrom } from './client/access.ts';
import { argumentsOf } from './client/arguments.ts';
import { connect, dataOf } from './client/client.ts';
import { count } from './client/number.ts';
import { progressOn } from './client/progress.ts';
import { run } from './client/run.ts';
import { EXIT, misused } from './client/stop.ts';
import { MAX_WAIT, waitOptions } from './client/wait-options.ts';
import { exportAll, firstPlace } from './export/export.ts';
import { FORMATS } from './export/format.ts';
import { toFile, toStandardOutput, unfinishedOf } from './export/output.ts';
import { endOf, SETTLED_MS, timeOf } from './export/period.ts';

const HELP = `npm run --silent export -- --since <time> [--until <time>] [--format ndjson|csv] [--out <file>] [--max-wait <minutes>]

Exports the groups that were tracked or changed in a period, their versions and the changes of status, without content.
The credentials need the role viewer.

  --since     the begin of the period, such as 2026-11-01 or 2026-11-01T08:00:00Z
  --until     its end, exclusive; the present by default
  --format    ndjson (the default) or csv
  --out       the file of the result; standard output by default
  --max-wait  how long one call may wait for a fault to end; 15 minutes by default
  API_URL     the address of the API
  API_KEY, TOKEN, or EMAIL and PASSWORD: the credentials

A run that is cut leaves <file>.part and <file>.export-state.json. The same command continues it. Standard output has no
state. Exit status: 0 if the export is complete; 2 for wrong arguments, variables or credentials; 3 if the run stopped before its end.`;

const OPTIONS = {
  since: { type: 'string' },
  until: { type: 'string' },
  format: { type: 'string', default: 'ndjson' },
  out: { type: 'string' },
  ...MAX_WAIT,
} as const;

await run(async () => {
  const { values } = argumentsOf(process.argv.slice(2), { options: OPTIONS, maxPositionals: 0, help: HELP });
  const format =
    FORMATS.find((one) => one === values.format) ?? misused(`--format must be one of ${FORMATS.join(', ')}.`);
  const since = timeOf('--since', values.since ?? misused(`--since is missing.\n\n${HELP}`));
  const named = values.until === undefined ? undefined : timeOf('--until', values.until);
  const access = accessFrom(process.env);
  const { out } = values;
  const unfinished = out === undefined ? undefined : await unfinishedOf(out);

  const progress = progressOn(process.stderr, Date.now);
  const client = connect(access, waitOptions(values['max-wait'], progress.print));
  // The first call also shows whether the address and the credentials are right.
  dataOf(await client.GET('/groups', { params: { query: { limit: 1 } } }));
  const now = client.serverTime();
  // An unfinished export keeps the end that its begin had.
  const until = endOf(since, named ?? unfinished?.subject.period.until, now);
  const subject = { apiUrl: access.url, format, period: { since, until } };
  if (unfinished !== undefined && JSON.stringify(unfinished.subject) !== JSON.stringify(subject)) {
    misused(`${out}.export-state.json belongs to an export with other arguments. Delete it to begin anew.`);
  }

  const { output, exported } =
    out === undefined
      ? { output: await toStandardOutput(format), exported: new Set<string>() }
      : await toFile(out, subject, unfinished?.bytes ?? 0);
  await exportAll({
    client,
    period: subject.period,
    place: unfinished?.place ?? firstPlace(subject.period, now),
    exported,
    settledMs: SETTLED_MS,
    sleep: (ms) => sleep(ms),
    write: output.write,
    async onPage(place) {
      await output.onPage(place);
      if (out !== undefined) progress.show(undefined, count(exported.size, 'group'));
    },
  }).finally(progress.end);
  await output.finish();
  const [from, to] = [since, until].map((at) => new Date(at).toISOString());
  console.error(
    `Exported ${count(exported.size, 'group')} from ${from} until ${to}. The next export begins at that end.`,
  );
  return EXIT.done;
});

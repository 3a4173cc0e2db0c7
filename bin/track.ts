// Tracks many groups: `npm run track -- ids.txt`.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseIds } from '../functions/domain/groups/id-list.ts';
import { accessFrom } from './client/access.ts';
import { argumentsOf } from './client/arguments.ts';
import { connect } from './client/client.ts';
import { number } from './client/number.ts';
import { progressOn } from './client/progress.ts';
import { run } from './client/run.ts';
import { stateFile } from './client/state-file.ts';
import { EXIT, misused } from './client/stop.ts';
import { MAX_WAIT, waitOptions } from './client/wait-options.ts';
import { reportOf } from './track/report.ts';
import { TrackState, trackAll } from './track/track.ts';

const HELP = `npm run track -- [ids.txt] [--max-wait <minutes>]

Tracks the groups whose ids the file holds, or else standard input: one UUID a line. Empty lines and lines that begin
with # have no meaning. The credentials need the role operator.

  API_URL              the address of the API
  API_KEY              an API key, or
  TOKEN                an access token, or
  EMAIL and PASSWORD   a user who logs in
  --max-wait           how long one call may wait for a quota or a fault to end; 15 minutes by default

A run that is cut leaves <ids.txt>.track-state.json. The same command continues it. Standard input has no state.
Exit status: 0 if all groups are tracked; 1 if all are but refused lines; 2 for wrong arguments, variables or credentials;
3 if the run stopped before its end.`;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    options: MAX_WAIT,
    maxPositionals: 1,
    help: HELP,
  });
  const access = accessFrom(process.env);
  const progress = progressOn(process.stderr, Date.now);
  const client = connect(access, waitOptions(values['max-wait'], progress.print));
  const [path = '-'] = positionals;
  const list = parseIds(path === '-' ? await standardInput() : await contentOf(path));
  const counts = await trackAll({
    client,
    apiUrl: access.url,
    ids: list.ids,
    file: path === '-' ? undefined : stateFile(`${path}.track-state.json`, TrackState),
    onBatch: (done, { accepted, known }) => {
      const share = list.ids.length === 0 ? 1 : done / list.ids.length;
      progress.show(
        share,
        `${number(done)} of ${number(list.ids.length)}: ${number(accepted)} accepted, ${number(known)} known`,
      );
    },
  }).finally(progress.end);
  for (const line of reportOf(path === '-' ? 'Standard input' : path, list, counts)) console.log(line);
  return list.refused.length === 0 ? EXIT.done : EXIT.refused;
});

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) misused(`Name a file, or pass the ids at standard input.\n\n${HELP}`);
  return text(process.stdin);
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return misused(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../fakes/certificate.ts';
import { lambdasOfTheApp } from './cold-start/app.ts';
import { startAws } from './cold-start/aws.ts';
import { type Candidate, type Measured, rounds } from './cold-start/measure.ts';
import { rivals, runtimeBundle } from './cold-start/rivals.ts';
import { type Bench, median, spread } from './table.ts';

/**
 * The time from the spawn of a process until the handler is loaded, and until its first answer: every Lambda and some
 * alternatives.
 */

const ROUNDS = 21;

const times = (values: readonly number[], empty: readonly number[]) => (median(values) / median(empty)).toFixed(2);

function row({ name, first }: Candidate, measured: readonly Measured[], empty: readonly Measured[]) {
  const of = (which: keyof Measured) => measured.map((one) => one[which]);
  const ofEmpty = (which: keyof Measured) => empty.map((one) => one[which]);
  return [
    name,
    Math.round(median(of('code')) / 1024),
    spread(of('loaded'), 0),
    times(of('loaded'), ofEmpty('loaded')),
    spread(of('answered'), 0),
    times(of('answered'), ofEmpty('answered')),
    median(of('cpu')).toFixed(0),
    first.requestLabel,
  ];
}

export const bench: Bench = async ({ full }) => {
  const directory = await mkdtemp(join(tmpdir(), 'cold-start-'));
  const certificate = selfSigned();
  const trusted = join(directory, 'certificate.pem');
  await writeFile(trusted, certificate.cert);
  const aws = await startAws(certificate);
  try {
    const runtime = await runtimeBundle(directory);
    const all = [...(await rivals(directory, aws.url)), ...(await lambdasOfTheApp(directory, aws.url))];
    const candidates = all.map((one) => ({ ...one, env: { ...one.env, NODE_EXTRA_CA_CERTS: trusted } }));
    const n = full ? 5 * ROUNDS : ROUNDS;
    const measured = await rounds(runtime, candidates, n);
    const [empty = []] = measured;
    return [
      {
        title: `Cold start, ms from the spawn of the process (median of ${n} rounds in random order, [quartile to quartile])`,
        notes: [
          'The synthesized bundles, in Node.js with Lambda’s flags. AWS is an HTTPS server on this machine that answers at once.',
          'KB: the code loaded by the first answer. ×: ratio to the empty handler. CPU: of all threads, up to the first answer.',
        ],
        columns: ['', 'KB', 'loaded', '×', 'first answer', '×', 'CPU ms', 'requests of the first answer'],
        rows: candidates.map((candidate, i) => row(candidate, measured[i] ?? [], empty)),
      },
    ];
  } finally {
    aws.close();
    await rm(directory, { recursive: true, force: true });
  }
};

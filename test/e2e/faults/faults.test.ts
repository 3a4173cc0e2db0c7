import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../../lib/local/http/serve.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { badKey, held, notThere, session, slowLogin, tooSlow } from './everybody.ts';
import { oneGroup } from './one-group.ts';
import { DEAD, OPEN, OPENING, type Outage } from './outage.ts';
import { report } from './report.ts';
import { runFailing, runHeld, runOneGroup, runOutage, runSession, TWICE } from './runs.ts';
import type { Tried } from './trial.ts';

let strayed = 0;
const elsewhere = createServer((_, response) => {
  strayed++;
  response.end();
});
const found = new Map<string, Tried>();
let outage: Outage;
let directory: string;

/** All of them at once, each on a stack of its own; the tests below tell what came of it, fault by fault. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faults-'));
  const context = { anycheck_max_rps: 1000 };
  const assembly = await synthesize({ outdir: join(directory, 'cdk.out'), context });
  const { url, close } = await serve(elsewhere);
  const runs = await Promise.allSettled([
    runOneGroup(assembly, `${url}/verifications`),
    runFailing(assembly),
    runHeld(assembly),
    runSession(assembly),
    runOutage(assembly).then((came) => {
      outage = came;
      return came.tried;
    }),
  ]);
  await close();
  for (const run of runs) {
    if (run.status === 'rejected') throw run.reason;
    for (const tried of run.value) found.set(tried.fault.name, tried);
  }
}, 180_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const INTRO = `# Faults

What comes of each way in which AnyCheck can fail. \`test/e2e/faults/faults.test.ts\` puts every one of these into the sandbox, reads through
the running service, and compares this table with what it found (\`npx vitest run test/e2e/faults/faults.test.ts -u\` writes it anew).

The *unknown* group was asked for by nobody before; its reader gets the snapshot, or 503 \`INTERNAL_SERVER_ERROR\`, or 404 \`NOT_FOUND\`.
The *known* group is served as version 1 and has changed at AnyCheck; its reader insists (\`Cache-Control: no-cache\`), and gets the changed
list or the old one, whole and with its true \`Age\`. *Its row* is the group's schedule row: \`last_error\` and \`failures\`. *Tried again*
is when the schedule looks next: 15 s is doubled with every failure in a row (up to 15 minutes), but not where AnyCheck asks for another
time, or is asked by nobody. *If once* is what the reader of an unknown group gets where the fault hits one call and is over. Every reader
is answered within 10 s.

Of every fault that makes a look fail it is checked, too, that what is served stays until the look that succeeds; that, once the fault is
over, the next reader of the unknown group gets it; and that the known one is served as AnyCheck lists it when it is due, or before to a
reader who insists, with the version one higher and the version before still there.`;

const SECTIONS = [
  {
    title: 'Answers that concern one group',
    about: 'They are held against the group alone.',
    faults: [...oneGroup(''), TWICE],
  },
  {
    title: 'AnyCheck fails or is too slow',
    about:
      'Five such failures in a row over 5 s or more, of more than one group, open the circuit: nobody asks but one probe in 10 s.',
    faults: [...notThere, ...tooSlow, DEAD, OPENING, OPEN],
  },
  {
    title: 'AnyCheck asks to wait',
    about: 'Everybody waits. A wait of 5 s or less is waited for; a longer one is told at once.',
    faults: held,
  },
  {
    title: 'Credentials',
    about:
      'A key that AnyCheck calls bad is not tried again for a minute by anybody, a password for 15 minutes, unless the secret has another version.',
    faults: [...badKey, ...session, ...slowLogin],
  },
];

describe.each(SECTIONS)('$title', ({ faults }) => {
  it.each(faults)('$name', ({ name, expected }) => {
    const { outcome, troubles } = found.get(name) ?? {};
    expect({ ...outcome, troubles }).toEqual({ ...expected, troubles: [] });
  });
});

it('obeys no redirect, which would carry the credentials elsewhere', () => {
  expect(strayed).toBe(0);
});

it('refreshes every group that failed within 30 s of the first answer after an outage', () => {
  expect(outage.recoveredWithin).toBeGreaterThanOrEqual(0);
  expect(outage.recoveredWithin).toBeLessThan(30_000);
});

it('is described in docs/faults.md', async () => {
  const sections = SECTIONS.map(({ faults, ...section }) => ({
    ...section,
    rows: faults.map(({ name, expected }) => ({ name, outcome: found.get(name)?.outcome ?? expected })),
  }));
  await expect(report(INTRO, sections)).toMatchFileSnapshot('../../../docs/faults.md');
});

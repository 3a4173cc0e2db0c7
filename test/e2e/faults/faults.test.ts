import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mapLimit } from '../../../functions/domain/map-limit.ts';
import { serve } from '../../../lib/local/http/serve.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import { badKey, held, inFront, notThere, session, tooSlow } from './everybody.ts';
import { type Fault, isDrawn } from './fault.ts';
import { oneGroup } from './one-group.ts';
import { DEAD, OPEN, OPENING, type Outage } from './outage.ts';
import { ofFaults, ofSustained, ofWebhooks, report } from './report.ts';
import { runFailing, runHeld, runOneGroup, runOutage, runSession, TWICE } from './runs.ts';
import { SUSTAINED, sustain } from './sustained.ts';
import type { Tried } from './trial.ts';
import { DELIVERIES, type Delivered } from './webhooks.ts';

/** Stacks at once. A full run has other stacks beside this file for as long as it takes. */
const STACKS = inject('size').name === 'full' ? 1 : 2;

let strayed = 0;
const elsewhere = createServer((_, response) => {
  strayed++;
  response.end();
});
const found = new Map<string, Tried>();
let outage: Outage;
let delivered: readonly Delivered[] = [];
let directory: string;

/** The suites that need no fault of one group. */
const FLEET_WIDE: Readonly<Record<string, readonly Fault[]>> = {
  failing: [...tooSlow, ...notThere, ...badKey],
  held,
  session,
  outage: [DEAD, OPENING, OPEN],
};
const names = Object.keys(FLEET_WIDE);
/** A sampled run leaves out two of them. */
const first = seeded(`faults/${inject('seed')}`).integer(0, names.length - 1);
const isRun = (suite: string) =>
  inject('size').name === 'full' || (names.indexOf(suite) - first + names.length) % names.length < names.length / 2;
const leftOut = new Set(names.filter((suite) => !isRun(suite)).flatMap((suite) => FLEET_WIDE[suite] ?? []));
const ifRun = async (suite: string, run: () => Promise<readonly Tried[]>) => (isRun(suite) ? run() : []);

/** Runs the suites in parallel, each on a stack of its own. The tests below compare the results, fault by fault. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faults-'));
  const context = { anycheck_max_rps: 1000, unknown_reads_per_minute: 10_000 };
  const assembly = await synthesize({ outdir: join(directory, 'cdk.out'), context, bundles: inject('bundles') });
  const { url, close } = await serve(elsewhere);
  const ofOneGroup = async (): Promise<readonly Tried[]> => {
    const { tried, webhooks } = await runOneGroup(assembly, `${url}/verifications`);
    delivered = webhooks;
    return tried;
  };
  const throughOutage = async (): Promise<readonly Tried[]> => {
    outage = await runOutage(assembly);
    return outage.tried;
  };
  const suites = [
    ofOneGroup,
    () => ifRun('failing', () => runFailing(assembly)),
    () => ifRun('held', () => runHeld(assembly)),
    () => ifRun('outage', throughOutage),
    () => ifRun('session', () => runSession(assembly)),
  ];
  const [runs] = await Promise.allSettled([mapLimit(suites, STACKS, (suite) => suite())]);
  await close();
  if (runs.status === 'rejected') throw runs.reason;
  for (const tried of runs.value.flat()) found.set(tried.fault.name, tried);
}, 900_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const INTRO = `# Faults

For developers and operators: the effect of each fault of AnyCheck. \`test/e2e/faults/faults.test.ts\` injects every fault into the sandbox,
reads through the running service, and compares this page with the results. To write the page anew, run
\`npx vitest run test/e2e/faults/faults.test.ts -u\`.

| column | meaning |
|---|---|
| unknown group | The answer to a reader of a group that the service has not stored: the snapshot, 503 \`INTERNAL_SERVER_ERROR\`, or 404 \`NOT_FOUND\`. |
| known group | The answer to a reader with \`Cache-Control: no-cache\`. The service serves version 1, and the group has changed at AnyCheck. |
| schedule record | \`last_error\` and \`failures\` in the group's schedule record |
| next refresh | The time until the schedule refreshes the group again. |
| fault occurs once | The answer to a reader of an unknown group if the fault affects one call only. |

- Every reader is answered within 10 s.
- Each list is the changed one or the old one, whole and with its true \`Age\`.
- The time until the next refresh is 15 s, doubled with every failure in a row, up to 15 minutes. It is not doubled if AnyCheck requests
  a later time, or if all calls are stopped.

For each fault that makes a refresh fail, the test also checks:

- The served snapshot stays until a refresh succeeds.
- After the fault, the next reader of the unknown group gets its list.
- After the fault, the service serves the known group as AnyCheck lists it: when it is due, or earlier to a reader with \`no-cache\`. The
  version is one higher, and the version before remains readable.`;

const SECTIONS = [
  {
    title: 'Answers that concern one group',
    about:
      'They count as failures of that group. Five unusable ones in a row over 5 s or more, of four groups or more, open the circuit.',
    faults: [...oneGroup, TWICE],
  },
  {
    title: 'Something in front of AnyCheck answers, or the account is at fault',
    about:
      'One such answer counts as a failure of its group. Five in a row over 5 s or more, of more than one group, open the circuit.',
    faults: inFront(''),
  },
  {
    title: 'AnyCheck fails or is too slow',
    about:
      'Five such failures in a row over 5 s or more, of more than one group, open the circuit. After that, one probe every 10 s calls AnyCheck.',
    faults: [...notThere, ...tooSlow, DEAD, OPENING, OPEN],
  },
  {
    title: 'AnyCheck limits the rate',
    about:
      'All calls pause. A reader waits for the end of a pause of 5 s or less, and is answered at once in a longer one.',
    faults: held,
  },
  {
    title: 'Credentials',
    about:
      'No call uses a refused API key for one minute, or a refused password for 15 minutes, unless the secret has another version.',
    faults: [...badKey, ...session],
  },
];

const WEBHOOKS = {
  title: 'Webhooks',
  about:
    'A settled group has changed at AnyCheck, and its next refresh by the cadence is an hour away. A refresh that finds nothing new after a\nwebhook is repeated 5 s, 30 s and 2 min after the webhook.',
};

const FOR_LONG = {
  title: 'Faults that last for 40 s',
  about: `This table is of a simulation in virtual time, like \`npm run bench -- outage\`: the service's own reads, sweep, workers, rate limiter and
circuit breaker over a store in memory, without HTTP and without sessions. 40 groups are due, and a reader reads each with \`no-cache\`
every 4 s. 5 calls a second are allowed.

| column | meaning |
|---|---|
| first 10 s, last 10 s | The calls that AnyCheck receives in the first and in the last 10 s of the 40 s. |
| circuit | Whether the circuit opens, and with which reason |
| \`anycheck\` in \`/health/deep\` | The status of this part and its reason, at the end of the 40 s |
| first list | The time from the end of the fault to the first list that AnyCheck sends and the service serves |
| all groups | The time from the end of the fault until the service has a new list of every group |`,
};

describe.each(SECTIONS)('$title', ({ faults }) => {
  const drawn = faults.filter((one) => isDrawn(one, inject('size'), inject('seed')) && !leftOut.has(one));
  // A section can be left out whole.
  if (drawn.length === 0) it.skip('is not drawn', () => {});
  it.each(drawn)('$name', ({ name, expected }) => {
    const { outcome, troubles } = found.get(name) ?? {};
    expect({ ...outcome, troubles }).toEqual({ ...expected, troubles: [] });
  });
});

describe('a webhook', () => {
  it.each(DELIVERIES)('$name', ({ name, answer, effect }) => {
    expect(delivered.find((one) => one.name === name)).toEqual({ name, answer, effect });
  });
});

it('obeys no redirect, which would carry the credentials elsewhere', () => {
  expect(strayed).toBe(0);
});

it.runIf(isRun('outage'))('refreshes every group that failed within 30 s of the first answer after an outage', () => {
  expect(outage.recoveredWithin).toBeGreaterThanOrEqual(0);
  expect(outage.recoveredWithin).toBeLessThan(30_000);
});

/** A sampled run makes too few faults for the page. */
it.runIf(inject('size').name === 'full')('is described in docs/faults.md', async () => {
  const sections = SECTIONS.map(({ faults, ...section }) =>
    ofFaults(
      section,
      faults.map(({ name, expected }) => ({ name, outcome: found.get(name)?.outcome ?? expected })),
    ),
  );
  const all = [
    ...sections,
    ofWebhooks(WEBHOOKS, delivered),
    ofSustained(FOR_LONG, await mapLimit(SUSTAINED, 1, sustain)),
  ];
  await expect(report(INTRO, all)).toMatchFileSnapshot('../../../docs/faults.md');
});

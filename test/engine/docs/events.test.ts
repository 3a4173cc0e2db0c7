import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ENDPOINT_EVENTS } from '../../../functions/domain/events/bus-event.ts';
import { EVENT_TYPES, type EventType, type GroupEvent } from '../../../functions/domain/events/event.ts';
import { actEvent, versionEvents } from '../../../functions/domain/events/group-events.ts';
import { endpointEvent } from '../../../functions/domain/webhooks/endpoint-events.ts';
import { routes } from '../../../functions/routes.ts';
import { openapi } from '../../../lib/api/openapi/document.ts';
import { PUBLISHED_AT, recordedAs } from '../../fakes/recorded.ts';

const PAGE = readFileSync('docs/events.md', 'utf8');
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

const Media = z.object({ 'application/json': z.object({ example: z.unknown() }) });
const Webhook = z.object({ post: z.object({ requestBody: z.object({ content: Media }) }) });
const { webhooks } = z.object({ webhooks: z.record(z.string(), Webhook) }).parse(openapi(routes, '1.2.3'));
const exampleOf = (type: EventType) => webhooks[type]?.post.requestBody.content['application/json'].example;

const DISABLED = endpointEvent({
  type: 'webhook_endpoint.disabled',
  at: PUBLISHED_AT,
  endpoint: {
    id: 'we_5iAvGzQVpDsSYGFDuMnGZg',
    url: 'https://los.example.com/anycheck?key=7Qm2',
    description: 'Loan origination',
    eventTypes: ['group.settled', 'group.erased'],
    isEnabled: false,
    disabledReason: 'FAILING',
    secrets: [],
    createdAt: 0,
    updatedAt: PUBLISHED_AT,
    revision: 3,
  },
});

describe('docs/events.md', () => {
  it('describes every type of event', () => {
    for (const type of EVENT_TYPES) expect(PAGE).toContain(`\n| \`${type}\` |`);
  });

  it('describes every type of event about a webhook endpoint', () => {
    for (const type of ENDPOINT_EVENTS) expect(PAGE).toContain(`\n| \`${type}\` |`);
  });

  it('shows events that the service makes', () => {
    const types = ['group.settled', 'group.erased'] as const;
    const shown = [...types.map(exampleOf), JSON.parse(DISABLED.body)];
    expect(blocksOf('json')).toEqual(shown.map((event) => `${JSON.stringify(event, null, 2)}\n`));
  });
});

const GROUP = '11111111-1111-4111-8111-111111111111';
const DAY_MS = 24 * 3_600_000;

interface Consumer {
  handle(event: GroupEvent): Promise<void>;
  /** The version that it has. */
  version(): number | undefined;
  /** What it printed last but about redactions. */
  printed(): string | undefined;
}

/** Starts the consumer of the page. @param status of the answers of the service. */
function consumer(status = 200): Consumer {
  const printed: string[] = [];
  const globals = {
    console: { log: (...words: unknown[]) => printed.push(words.slice(1).join(' ')) },
    fetch: async (url: string) => Response.json(new URL(url).searchParams.get('snapshot_version'), { status }),
    process: { env: { SNAPSHOTS_URL: 'https://snapshots.example', TOKEN: 'token' } },
  };
  const code = stripTypeScriptTypes(blocksOf('ts').join('\n'));
  const start = new Function(...Object.keys(globals), `${code}\nreturn { handle, groups };`);
  const { handle, groups } = start(...Object.values(globals));
  return {
    handle,
    version: () => groups.get(GROUP)?.version,
    printed: () => printed.findLast((one) => !one.startsWith('is redacted')),
  };
}

/** A step in the life of a group, and ms until the next one. */
interface Step {
  readonly kind: 'publish' | 'erase' | 'redact' | 'begin again';
  readonly ms: number;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('publish', 'publish', 'publish', 'erase', 'redact', 'begin again'),
    ms: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: DAY_MS })),
  }),
  { maxLength: 20 },
);
/** ms by which the clock that times erasures differs from the one that times versions. */
const skews = fc.integer({ min: -20_000, max: 20_000 });

/** The events of a group's life, in order. */
function eventsOf(life: readonly Step[], skew: number): GroupEvent[] {
  const events: GroupEvent[] = [];
  let version = 0;
  let at = PUBLISHED_AT;
  let isFirst = true;
  const publish = () => {
    version++;
    const more = { phase: 'active' as const, previousPhase: isFirst ? undefined : ('active' as const) };
    events.push(...versionEvents(GROUP, recordedAs({ version, publishedAt: at, ...more })));
    isFirst = false;
  };
  publish();
  for (const { kind, ms } of life) {
    at += ms;
    if (kind === 'publish') publish();
    if (kind === 'redact') events.push(actEvent('group.redacted', GROUP, version, at + skew));
    if (kind === 'erase') {
      isFirst = true;
      events.push(actEvent('group.erased', GROUP, version, at + skew));
    }
    if (kind === 'begin again') {
      at += 33 * DAY_MS;
      isFirst = true;
      version = 0;
      publish();
    }
  }
  return events;
}

describe('the consumer of docs/events.md', () => {
  it('ends with the state that is served, in whatever order and however often events arrive', async () => {
    const deliveries = fc.tuple(steps, skews).chain(([life, skew]) => {
      const events = eventsOf(life, skew);
      const repeated = fc.array(fc.constantFrom(...events), { maxLength: 10 });
      return repeated.chain((more) =>
        fc.record({
          events: fc.constant(events),
          arriving: fc.shuffledSubarray([...events, ...more], { minLength: events.length + more.length }),
        }),
      );
    });
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ events, arriving }) => {
        const { handle, version, printed } = consumer();
        for (const event of arriving) await handle(event);
        const last = events.findLast(({ type }) => type !== 'group.redacted');
        expect(version()).toBe(last?.data.version);
        const isErased = last?.type === 'group.erased';
        expect(printed()).toMatch(
          isErased ? /^is erased/ : new RegExp(`^${last?.data.version} ${last?.data.version}$`),
        );
      }),
    );
  });

  it('takes a version that is erased or past its retention as one without content', async () => {
    const [event] = eventsOf([], 0);
    for (const status of [404, 410]) {
      const { handle, version, printed } = consumer(status);
      if (event) await handle(event);
      expect([version(), printed()]).toEqual([1, '1 ']);
    }
  });

  it('ignores events about webhook endpoints', async () => {
    const { handle, version, printed } = consumer();
    await handle(JSON.parse(DISABLED.body));
    expect([version(), printed()]).toEqual([undefined, undefined]);
  });

  it('throws where the service fails, and handles the event when it comes again', async () => {
    const [event] = eventsOf([], 0);
    const { handle, version } = consumer(503);
    await expect(event && handle(event)).rejects.toThrow();
    expect(version()).toBeUndefined();
  });
});

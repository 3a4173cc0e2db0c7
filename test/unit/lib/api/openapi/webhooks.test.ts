import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ACT_EVENTS, EVENT_TYPES, type GroupEvent } from '../../../../../functions/domain/events/event.ts';
import { actEvent, versionEvents } from '../../../../../functions/domain/events/group-events.ts';
import { routes } from '../../../../../functions/routes.ts';
import { openapi } from '../../../../../lib/api/openapi/document.ts';
import { recordeds } from '../../../../fakes/recorded.ts';

const Schema = z.record(z.string(), z.unknown());
const Webhook = z.strictObject({
  post: z.strictObject({
    operationId: z.string(),
    summary: z.string(),
    description: z.string(),
    requestBody: z.strictObject({
      required: z.literal(true),
      content: z.strictObject({
        'application/json': z.strictObject({
          schema: z.strictObject({ $ref: z.string() }),
          example: z.looseObject({ type: z.string() }),
        }),
      }),
    }),
  }),
});
const Document = z.object({
  webhooks: z.record(z.string(), Webhook),
  paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
});
const document: unknown = JSON.parse(JSON.stringify(openapi(routes, '1.2.3')));
const { webhooks, paths, components } = Document.parse(document);
const all = Object.entries(webhooks).map(([type, { post }]) => {
  const { schema, example } = post.requestBody.content['application/json'];
  return { ...post, type, schema, example };
});

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(Schema.parse(document), 'api', undefined, false);
/** What the document has against an event of a type. */
const faultsOf = (type: string, event: unknown): unknown[] => {
  const valid = ajv.getSchema(`api#/webhooks/${type}/post/requestBody/content/application~1json/schema`);
  if (!valid) throw new Error(`no schema of ${type}`);
  return valid(JSON.parse(JSON.stringify(event))) ? [] : (valid.errors ?? []);
};

describe('the webhooks of the document', () => {
  it('are the types of events, and no other', () => {
    expect(Object.keys(webhooks)).toEqual([...EVENT_TYPES]);
  });

  it('have operation ids that no route has', () => {
    const taken = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    const own = all.map(({ operationId }) => operationId);
    expect(new Set([...taken, ...own]).size).toBe(taken.length + own.length);
  });

  it.each(all)('$type says when it is sent, and has a named schema and an example', ({ type, ...webhook }) => {
    expect(webhook.description).toMatch(/^Sent /);
    expect(Object.keys(components.schemas)).toContain(webhook.schema.$ref.split('/').at(-1));
    expect(webhook.example.type).toBe(type);
    expect(faultsOf(type, webhook.example)).toEqual([]);
  });

  it('name the ten statuses of AnyCheck and OTHER, and no other', () => {
    expect(components.schemas.EventStatus?.enum).toHaveLength(11);
    expect(components.schemas.VersionEventData).toMatchObject({
      additionalProperties: false,
      properties: {
        status_counts: { propertyNames: { $ref: '#/components/schemas/EventStatus' } },
        transitions: { items: { $ref: '#/components/schemas/EventTransition' }, maxItems: 100 },
      },
    });
  });

  it('refuse an event with another status, a longer id, or a further field', () => {
    const [{ example } = { example: {} }] = all;
    const data = Schema.parse(Schema.parse(example).data);
    const transition = { verification_id: 'a', from: 'DRAFT', to: 'COMPLETED' };
    const faulty = [
      { overall_status: 'ESCALATED' },
      { status_counts: { ESCALATED: 1 } },
      { transitions: [{ ...transition, verification_id: 'x'.repeat(65) }] },
      { transitions: [{ ...transition, service: 'OCR_KTP' }] },
      { output: {} },
    ];
    for (const more of faulty) {
      expect([more, faultsOf('group.created', { ...example, data: { ...data, ...more } })]).not.toEqual([more, []]);
    }
    const fine = { ...example, data: { ...data, transitions: [transition] } };
    expect(faultsOf('group.created', fine)).toEqual([]);
  });

  it('describe every event that the service makes', () => {
    const check = (event: GroupEvent) => expect(faultsOf(event.type, event)).toEqual([]);
    fc.assert(
      fc.property(fc.uuid(), recordeds, (group, recorded) => versionEvents(group, recorded).forEach(check)),
      { numRuns: 50 },
    );
    for (const type of ACT_EVENTS) check(actEvent(type, '11111111-1111-4111-8111-111111111111', 0, 0));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact } from '../../../../../functions/domain/json/json.ts';
import { withoutSecret } from '../../../../../functions/domain/json/without-secret.ts';

const LEAK = 's3cret';

/** A name as JSON may spell it: each letter plain or escaped, in either case. */
const spelled = (name: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom('plain', 'lower', 'upper'), { minLength: name.length, maxLength: name.length }).map(
    (ways) =>
      `"${Array.from(name, (letter, i) => {
        const hex = letter.charCodeAt(0).toString(16);
        return ways[i] === 'plain' ? letter : `\\u00${ways[i] === 'upper' ? hex.toUpperCase() : hex}`;
      }).join('')}"`,
  );

/** A value's text twice: as AnyCheck might send it, and as it is to be kept. */
interface Texts {
  readonly sent: string;
  readonly kept: string;
}
const same = (text: string): Texts => ({ sent: text, kept: text });
const gap = fc.constantFrom('', ' ', '\n\t');

const jsonWith = (strings: fc.Arbitrary<string>) =>
  fc.letrec<{ value: Texts; object: Texts; member: { key: string; texts: Texts } }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 0 }).map((one) => same(JSON.stringify(one))),
      strings.map((one) => same(JSON.stringify(one))),
      tie('object'),
      fc.tuple(fc.array(tie('value')), gap).map(([all, space]) => ({
        sent: `[${space}${all.map(({ sent }) => sent).join(`${space},${space}`)}${space}]`,
        kept: `[${all.map(({ kept }) => kept).join()}]`,
      })),
    ),
    member: fc.record({
      key: fc.oneof(
        spelled('webhook_secret'),
        fc.string().map((key) => JSON.stringify(key)),
      ),
      texts: tie('value'),
    }),
    object: fc.tuple(fc.array(tie('member')), gap).map(([all, space]) => ({
      sent: `{${space}${all.map(({ key, texts }) => `${key}${space}:${space}${texts.sent}`).join(`${space},${space}`)}${space}}`,
      kept: `{${all.flatMap(({ key, texts }) => (JSON.parse(key) === 'webhook_secret' ? [] : `${key}:${texts.kept}`)).join()}}`,
    })),
  }));

/** Strings that look like the structure around a member. */
const traps = ['{"', '}', ',', '\\"', '\\', 'webhook', '\\u'];
const { value } = jsonWith(fc.constantFrom(...traps, '{"webhook_secret":', ',"webhook_secret":1'));
const { object } = jsonWith(fc.constantFrom(...traps));

describe('the webhook secret', () => {
  it('goes wherever it stands, however its key is spelled, and nothing else does', () => {
    fc.assert(
      fc.property(value, ({ sent, kept }) => {
        expect(withoutSecret(compact(sent))).toBe(kept);
      }),
      { numRuns: 1000 },
    );
  });

  it('goes from JSON in a string of the metadata, however often it is wrapped, and nothing else does', () => {
    const metadata = fc.tuple(object, spelled('webhook_metadata'), fc.integer({ min: 1, max: 3 }), fc.boolean());
    fc.assert(
      fc.property(metadata, ([{ sent, kept }, key, wraps, inList]) => {
        const wrap = (text: string) => {
          let wrapped = text;
          for (let i = 0; i < wraps; i++) wrapped = JSON.stringify(wrapped);
          return inList ? `{"x":[${wrapped}]}` : wrapped;
        };
        const isUntouched = kept === compact(sent);
        expect(withoutSecret(`{${key}:${wrap(sent)},"a":1}`)).toBe(`{${key}:${wrap(isUntouched ? sent : kept)},"a":1}`);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [
      'in both of two webhook_metadata',
      `{"webhook_metadata":{"webhook_secret":"${LEAK}"},"webhook_metadata":{"webhook_secret":"${LEAK}"}}`,
    ],
    ['in a list', `{"webhook_metadata":[{"webhook_secret":"${LEAK}"},[{"webhook_secret":"${LEAK}"}]]}`],
    ['nested', `{"webhook_metadata":{"a":{"webhook_secret":["${LEAK}"]}}}`],
    ['beside the metadata', `{"webhook_secret":"${LEAK}"}`],
    ['in what is almost JSON', `{"webhook_metadata":"{'webhook_secret': '${LEAK}'}"}`],
    ['in a form', `{"webhook_metadata":{"query":"webhook_secret=${LEAK}&a=1"}}`],
    ['in cut JSON, escaped', String.raw`{"webhook_metadata":"{\"\\u0077ebhook_secret\":\"${LEAK}"}`],
    ['in a key that is JSON', String.raw`{"webhook_metadata":{"{\"webhook_secret\":\"${LEAK}\"}":""}}`],
    [
      'in metadata in metadata',
      String.raw`{"webhook_metadata":{"webhook_metadata":"{\"webhook_secret\":\"${LEAK}\"}"}}`,
    ],
  ])('goes %s', (_, text) => {
    const bare = withoutSecret(text);
    expect(bare).not.toContain(LEAK);
    expect(() => JSON.parse(bare)).not.toThrow();
  });

  it.each([
    '{"webhook_metadata":{"path":"C:\\\\users","tag":"\\u0041"}}',
    '{"output":{"text":"the webhook_secret of a form"}}',
    '{"webhook_secrets":1,"a_webhook_secret":2,"Webhook_secret":3}',
    '{"webhook_metadata":"{ \\"tag\\": \\"\\\\u0041\\" }"}',
  ])('is not taken for what it is not: %s', (text) => {
    expect(withoutSecret(text)).toBe(text);
  });
});

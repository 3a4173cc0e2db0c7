import * as z from 'zod/mini';
import { compactAt, decodeString, eachElement, eachMember, skipSpace, valueEnd } from '../json/json.ts';
import { withoutSecret } from '../json/without-secret.ts';
import { UpstreamError } from '../upstream/errors.ts';

/** One verification as AnyCheck sent it: its source text without white space and without the webhook secret. */
export interface Verification {
  readonly id: string;
  /** Null where AnyCheck sent none. */
  readonly status: string | null;
  readonly text: string;
}

/** One answer of AnyCheck's `GET /verifications`: a page of a group. */
export interface Listing {
  /** How many verifications the whole group has. */
  readonly total: number;
  /** The source texts of the answer's `total` and `overall_status`. */
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly overallStatus: string | null;
  readonly items: readonly Verification[];
}

/**
 * Characters of an id or a status, at most. These are the values that are also stored outside of the packed items, where
 * a row has little room for them.
 */
const MAX_NAME_LENGTH = 1_000;
/** Characters of the source text of `total`, at most: a number can be spelled with any number of zeros. */
const MAX_TOTAL_LENGTH = 40;
const Name = z.string().check(z.maxLength(MAX_NAME_LENGTH));

/**
 * The fields that an answer must have to be used. Every other field may be missing, null or new, and is not validated.
 */
const Envelope = z.object({
  total: z.int().check(z.nonnegative()),
  overall_status: z.nullable(Name),
  items: z.array(
    z.object({
      id: Name.check(z.minLength(1)),
      status: z.nullish(Name),
      result_id: z.nullish(z.string()),
    }),
  ),
});

const malformed = (what: string) => new UpstreamError('MALFORMED', `AnyCheck's answer ${what}`);

/**
 * Parses one answer of `GET /verifications`. It blocks the thread, for about a second per 100 MB.
 * @throws UpstreamError MALFORMED. Its message names the place of the error and never the content.
 */
export function parseListing(body: string, resultId: string): Listing {
  const { total, overall_status, items } = answerIn(body);
  if (items.some((item) => typeof item.result_id === 'string' && item.result_id.toLowerCase() !== resultId)) {
    throw malformed('holds items of another group');
  }
  const texts = envelopeTexts(body);
  if (texts.total.length > MAX_TOTAL_LENGTH) throw malformed('has no usable total');
  return {
    total,
    totalText: texts.total,
    overallStatus: overall_status,
    overallStatusText: texts.overallStatus,
    items: items.map(({ id, status }, i) => ({ id, status: status ?? null, text: texts.items[i] ?? '' })),
  };
}

function answerIn(body: string): z.output<typeof Envelope> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw malformed('is not JSON');
  }
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) throw malformed(`has no usable ${parsed.error.issues[0]?.path.join('.') || 'shape'}`);
  return parsed.data;
}

interface Texts {
  total: string;
  overallStatus: string;
  items: string[];
}

/** Returns the source texts of the fields that are used. The last of duplicate fields counts, as in JSON.parse. */
function envelopeTexts(body: string): Texts {
  const texts: Texts = { total: '', overallStatus: '', items: [] };
  eachMember(body, skipSpace(body, 0), (keyText, at) => {
    const key = decodeString(keyText);
    if (key === 'items') {
      texts.items = [];
      return eachElement(body, at, (itemAt) => {
        const { text, end } = compactItem(body, itemAt);
        texts.items.push(text);
        return end;
      });
    }
    const end = valueEnd(body, at);
    if (key === 'total') texts.total = body.slice(at, end);
    if (key === 'overall_status') texts.overallStatus = body.slice(at, end);
    return end;
  });
  return texts;
}

function compactItem(body: string, at: number): { text: string; end: number } {
  try {
    const { text, end } = compactAt(body, at);
    return { text: withoutSecret(text), end };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed('is nested too deeply');
  }
}

import * as z from 'zod';
import { UpstreamError } from './errors.ts';
import { compact, elements, type Member, members } from './json.ts';

/** One verification as AnyCheck sent it: its source text without white space and without the webhook secret. */
export interface Verification {
  readonly id: string;
  /** Null where AnyCheck gave none. */
  readonly status: string | null;
  readonly text: string;
}

/** One answer of AnyCheck's list. */
export interface Listing {
  /** How many verifications the whole group has. */
  readonly total: number;
  /** The source texts of the answer's `total` and `overall_status`. */
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly overallStatus: string | null;
  readonly items: readonly Verification[];
}

/** What must hold of an answer for it to be used at all. Every other field may be missing, null or new. */
const Answer = z.looseObject({
  total: z.int().nonnegative(),
  overall_status: z.string().nullable(),
  items: z.array(
    z.looseObject({
      id: z.string().min(1),
      status: z.string().nullish(),
      result_id: z.string().nullish(),
    }),
  ),
});

/**
 * Reads one answer of `GET /verifications`.
 * @throws UpstreamError MALFORMED, its message naming the place and never the content.
 */
export function parseListing(body: string, resultId: string): Listing {
  const malformed = (what: string) => new UpstreamError('MALFORMED', `AnyCheck's answer ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw malformed('is not JSON');
  }
  const parsed = Answer.safeParse(json);
  if (!parsed.success) throw malformed(`has no usable ${parsed.error.issues[0]?.path.join('.') || 'shape'}`);
  const { total, overall_status, items } = parsed.data;
  if (items.some((item) => typeof item.result_id === 'string' && item.result_id.toLowerCase() !== resultId)) {
    throw malformed('holds items of another group');
  }

  const text = new Map(members(body).map(({ key, value }) => [key, value]));
  const texts = elements(text.get('items') ?? '[]');
  return {
    total,
    totalText: text.get('total') ?? String(total),
    overallStatus: overall_status,
    overallStatusText: text.get('overall_status') ?? 'null',
    items: items.map(({ id, status }, i) => ({ id, status: status ?? null, text: withoutSecret(texts[i] ?? '') })),
  };
}

/** AnyCheck lists `webhook_metadata.webhook_secret`, which signs its deliveries: it must not get any further than here. */
function withoutSecret(item: string): string {
  return compact(
    mapMembers(item, (member) =>
      member.key === 'webhook_metadata' && member.value.startsWith('{')
        ? mapMembers(member.value, (inner) => (inner.key === 'webhook_secret' ? undefined : inner.value))
        : member.value,
    ),
  );
}

/** The object with some values replaced, or members left out; the very text where none was. */
function mapMembers(object: string, map: (member: Member) => string | undefined): string {
  const all = members(object);
  const mapped = all.map((member) => ({ ...member, mapped: map(member) }));
  if (mapped.every((member) => member.mapped === member.value)) return object;
  const kept = mapped.flatMap(({ keyText, mapped: value }) => (value === undefined ? [] : [`${keyText}:${value}`]));
  return `{${kept.join()}}`;
}

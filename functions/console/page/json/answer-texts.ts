import { elements, members } from '../../../domain/json/json.ts';

/** A page of verifications as source texts, so that every digit is kept. */
export interface VerificationPage {
  readonly total: string;
  readonly items: readonly string[];
}

/** Slices the body of `GET /verifications`. */
export function verificationPage(body: string): VerificationPage {
  const { total = '0', items = '[]' } = membersOf(body);
  return { total, items: elements(items) };
}

/** The parts of a comparison whose digits are kept. */
export interface DiffTexts {
  readonly total: { readonly from: string; readonly to: string };
  /** The patches of the verifications that differ, in their order; undefined for one without a patch. */
  readonly patches: readonly (string | undefined)[];
}

/** Slices the body of `GET /groups/{result_id}/diff`. */
export function diffTexts(body: string): DiffTexts {
  const { total = '{}', verifications = '[]' } = membersOf(body);
  const { from = '', to = '' } = membersOf(total);
  return { total: { from, to }, patches: elements(verifications).map((change) => membersOf(change).patch) };
}

/** The source texts of an object's values. The service writes no key of an answer twice. */
const membersOf = (object: string): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(members(object).map(({ key, value }) => [key, value]));

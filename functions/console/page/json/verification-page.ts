import { elements, members } from '../../../domain/json/json.ts';

/** A page of verifications as source texts, so that every digit is kept. */
export interface VerificationPage {
  readonly total: string;
  readonly items: readonly string[];
}

/** Slices the body of `GET /verifications`. */
export function verificationPage(body: string): VerificationPage {
  const texts = new Map(members(body).map(({ key, value }) => [key, value]));
  return { total: texts.get('total') ?? '0', items: elements(texts.get('items') ?? '[]') };
}

/** Slices the body of `GET /groups/{result_id}/diff`. @returns the source texts of the patches; undefined without one. */
export function patchesIn(body: string): (string | undefined)[] {
  const changes = members(body).find(({ key }) => key === 'verifications')?.value ?? '[]';
  return elements(changes).map((change) => members(change).find(({ key }) => key === 'patch')?.value);
}

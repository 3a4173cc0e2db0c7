import type { Body } from '../../../api/route-types.ts';

type Item = Body<'GET /verifications'>['items'][number];

/** What the list shows of an item. Each text can be missing. */
export interface ItemFacts {
  readonly id: string;
  readonly service: string;
  readonly status: string | null;
  readonly outputStatus: string;
}

/** @param text the source text of an item. Its numbers are not used: a number would lose digits here. */
export function itemFacts(text: string): ItemFacts {
  const { id, service, status, output_status }: Item = JSON.parse(text);
  return { id, service: service?.name ?? '', status: status ?? null, outputStatus: output_status ?? '' };
}

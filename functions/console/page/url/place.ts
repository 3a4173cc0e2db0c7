/** The views of the console, as the address names them. */
export const VIEWS = ['groups', 'group', 'health', 'webhooks', 'keys'] as const;
export type View = (typeof VIEWS)[number];

/** What the page shows: all of it is in the address, so that a link can be sent. */
export interface Place {
  readonly view: View;
  /** Filters and selections of the view. An empty value is the same as none. */
  readonly params: Readonly<Record<string, string>>;
}

/** Reads the query of an address. An unknown view is the list of groups. */
export function placeOf(search: string): Place {
  const { view: name, ...params } = Object.fromEntries(new URLSearchParams(search));
  const view = VIEWS.find((one) => one === name);
  return view ? { view, params } : { view: 'groups', params: {} };
}

/** Returns the address of a place on this host. */
export function hrefOf({ view, params }: Place): string {
  const set = Object.entries(params).filter(([, value]) => value !== '');
  return `/console?${new URLSearchParams([['view', view], ...set])}`;
}

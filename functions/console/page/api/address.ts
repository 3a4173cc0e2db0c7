import { CallError } from './call-error.ts';

/** The values of a route's path and of its query. */
export interface Values {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** A value that would name another route: browsers resolve dots, also escaped ones, and an empty value leaves the segment out. */
const IS_OTHER_ROUTE = /^\.{0,2}$/;

/**
 * Returns the address of a call on this host, with every value escaped. @param path such as `/groups/{result_id}`.
 * @throws CallError 404 for a value that no path can hold.
 */
export function addressOf(path: string, { parameters = {}, query = {} }: Values): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name] ?? '';
    if (IS_OTHER_ROUTE.test(value)) throw new CallError('Nothing has this id.', { status: 404, code: 'NOT_FOUND' });
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search.size > 0 ? `${filled}?${search}` : filled;
}

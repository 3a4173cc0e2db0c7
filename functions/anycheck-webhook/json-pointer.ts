/** @returns the value at a JSON pointer (RFC 6901); undefined if there is none. */
export function valueAt(json: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>((value, key) => memberOf(value, key.replaceAll('~1', '/').replaceAll('~0', '~')), json);
}

/** Reads a member that the JSON text contains, but no inherited member and no array's length. */
function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const member = Object.getOwnPropertyDescriptor(value, key);
  return member?.enumerable ? member.value : undefined;
}

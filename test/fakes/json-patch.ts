import { decodeString, elements, members } from '../../functions/domain/json/json.ts';

/** A JSON value as its source text has it: a scalar is its text, strings in one spelling. */
export type Exact = string | Exact[] | Map<string, Exact>;

/** Of a doubled key the last counts, as it does for JSON.parse. */
export function exactly(text: string): Exact {
  if (text.startsWith('{')) return new Map(members(text).map(({ key, value }) => [key, exactly(value)]));
  if (text.startsWith('[')) return elements(text).map(exactly);
  return text.startsWith('"') ? JSON.stringify(decodeString(text)) : text;
}

const tokensOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/**
 * Applies a JSON Patch by the letter of RFC 6902, as far as it adds, removes and replaces, without a number ever being read.
 * @throws Error where an operation can't be done.
 */
export function patched(text: string, patch: string): Exact {
  let whole = exactly(text);
  for (const operation of elements(patch)) {
    const fields = new Map(members(operation).map(({ key, value }) => [key, value]));
    const op = decodeString(fields.get('op') ?? '""');
    const tokens = tokensOf(decodeString(fields.get('path') ?? '""'));
    const value = fields.get('value');
    const last = tokens.pop();
    if (last === undefined) {
      if (op !== 'replace' || value === undefined) throw new Error(`can't ${op} the whole`);
      whole = exactly(value);
      continue;
    }
    const parent = tokens.reduce(child, whole);
    if (parent instanceof Map) inObject(parent, last, op, value);
    else if (Array.isArray(parent)) inArray(parent, last, op, value);
    else throw new Error(`${last} is below a scalar`);
  }
  return whole;
}

function child(parent: Exact, token: string): Exact {
  const found = parent instanceof Map ? parent.get(token) : Array.isArray(parent) ? parent[indexOf(token)] : undefined;
  if (found === undefined) throw new Error(`there is no ${token}`);
  return found;
}

function indexOf(token: string): number {
  if (!/^(0|[1-9]\d*)$/.test(token)) throw new Error(`${token} is no index`);
  return Number(token);
}

function inObject(parent: Map<string, Exact>, key: string, op: string, value: string | undefined): void {
  if (op !== 'add' && !parent.has(key)) throw new Error(`there is no ${key} to ${op}`);
  if (op === 'remove') parent.delete(key);
  else if ((op === 'add' || op === 'replace') && value !== undefined) parent.set(key, exactly(value));
  else throw new Error(`can't ${op} a member`);
}

function inArray(parent: Exact[], token: string, op: string, value: string | undefined): void {
  const at = token === '-' && op === 'add' ? parent.length : indexOf(token);
  if (at > parent.length - (op === 'add' ? 0 : 1)) throw new Error(`there is no ${token} to ${op}`);
  if (op === 'remove') parent.splice(at, 1);
  else if ((op === 'add' || op === 'replace') && value !== undefined) {
    parent.splice(at, op === 'add' ? 0 : 1, exactly(value));
  } else throw new Error(`can't ${op} an element`);
}

import { compact, decodeString, stringEnd, valueEnd } from './json.ts';

const SECRET = 'webhook_secret';
const METADATA = 'webhook_metadata';

/**
 * Returns a pattern that finds the members with a key in compact JSON, in every spelling of the key. The key's letters
 * have no other escape than `\u`. Inside a string, a quote after a brace or comma always has a backslash, so the
 * pattern matches no string content.
 */
function membersNamed(key: string): RegExp {
  const spellings = Array.from(key, (letter) => {
    const hex = letter.charCodeAt(0).toString(16);
    return `(?:${letter}|\\\\u00${hex.replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`)})`;
  });
  return new RegExp(`[{,]"${spellings.join('')}":`, 'g');
}

const SECRET_MEMBERS = membersNamed(SECRET);
const METADATA_MEMBERS = membersNamed(METADATA);

/** Whether a text can contain the secret's name, plain or escaped. */
const mayName = (text: string) => text.includes(SECRET) || text.includes('\\u');

/**
 * Removes `webhook_secret` from a verification. AnyCheck signs its deliveries with this secret and lists it in
 * `webhook_metadata`; it must not be stored, served or logged. Every member with this key is removed, at any depth and
 * in any spelling of the key. Within `webhook_metadata` it is also removed from JSON inside strings. A string there
 * that names the secret and is not JSON becomes empty.
 * @param text compact JSON; returned unchanged where it does not contain the secret.
 * @throws RangeError where JSON inside a string is nested deeper than MAX_DEPTH.
 */
export function withoutSecret(text: string): string {
  if (!mayName(text)) return text;
  const bare = withoutMembers(text);
  let result = '';
  let from = 0;
  for (const { 0: opening, index } of bare.matchAll(METADATA_MEMBERS)) {
    if (index < from) continue;
    const start = index + opening.length;
    const end = valueEnd(bare, start);
    result += bare.slice(from, start) + withSettledStrings(bare.slice(start, end));
    from = end;
  }
  return result + bare.slice(from);
}

function withoutMembers(text: string): string {
  let result = '';
  let from = 0;
  for (const { 0: opening, index } of text.matchAll(SECRET_MEMBERS)) {
    const start = index + 1;
    if (start < from) continue;
    const end = valueEnd(text, index + opening.length);
    // One comma is removed with the member: the one before it, or the one after it where the member
    // is the first that remains.
    const isFirst = text[index] === '{' || start === from;
    result += text.slice(from, isFirst ? start : index);
    from = isFirst && text[end] === ',' ? end + 1 : end;
  }
  return result + text.slice(from);
}

function withSettledStrings(text: string): string {
  if (!mayName(text)) return text;
  let result = '';
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
    const end = stringEnd(text, at);
    result += text.slice(from, at) + settledString(text.slice(at, end), text[end] === ':');
    from = end;
  }
  return result + text.slice(from);
}

/** Returns the source text of a metadata string without the secret. */
function settledString(source: string, isKey: boolean): string {
  const value = decodeString(source);
  if (!mayName(value)) return source;
  if (!isJson(value)) return !isKey && withoutEscapes(value).includes(SECRET) ? '""' : source;
  const text = compact(value);
  const settled = withSettledStrings(withoutMembers(text));
  return settled === text ? source : JSON.stringify(settled);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const withoutEscapes = (text: string) =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

import { compact, decodeString, stringEnd, valueEnd } from './json.ts';

const SECRET = 'webhook_secret';
const METADATA = 'webhook_metadata';

/**
 * Finds the members of compact JSON that have a key, however it is spelled: its letters have no other escape than `\u`, and
 * inside a string no quote follows a brace or a comma without a backslash.
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

/** Whether a text can name the secret at all, plainly or with escapes. */
const mayName = (text: string) => text.includes(SECRET) || text.includes('\\u');

/**
 * A verification without `webhook_secret`, with which AnyCheck signs its deliveries and which it lists in `webhook_metadata`:
 * it must not get any further than here. Every member of that name goes, wherever it stands and however its key is spelled.
 * Within `webhook_metadata` it also goes from JSON in a string, and a string that names it without being JSON is emptied.
 * @param text compact; returned as it is where nothing had to go.
 * @throws RangeError where JSON in a string is nested deeper than MAX_DEPTH.
 */
export function withoutSecret(text: string): string {
  if (!mayName(text)) return text;
  const bare = withoutMembers(text);
  let kept = '';
  let from = 0;
  for (const { 0: opening, index } of bare.matchAll(METADATA_MEMBERS)) {
    if (index < from) continue;
    const start = index + opening.length;
    const end = valueEnd(bare, start);
    kept += bare.slice(from, start) + withSettledStrings(bare.slice(start, end));
    from = end;
  }
  return kept + bare.slice(from);
}

function withoutMembers(text: string): string {
  let kept = '';
  let from = 0;
  for (const { 0: opening, index } of text.matchAll(SECRET_MEMBERS)) {
    const start = index + 1;
    if (start < from) continue;
    const end = valueEnd(text, index + opening.length);
    // One comma goes with it: the one before it, or, where the object now begins with what follows, the one behind it.
    const isFirst = text[index] === '{' || start === from;
    kept += text.slice(from, isFirst ? start : index);
    from = isFirst && text[end] === ',' ? end + 1 : end;
  }
  return kept + text.slice(from);
}

function withSettledStrings(text: string): string {
  if (!mayName(text)) return text;
  let kept = '';
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
    const end = stringEnd(text, at);
    kept += text.slice(from, at) + settledString(text.slice(at, end), text[end] === ':');
    from = end;
  }
  return kept + text.slice(from);
}

/** A string of the metadata, in the text that stands for it. */
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

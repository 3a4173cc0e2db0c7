import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A text that is not JSON, or names a key twice. The message says what is wrong, and at which line and column. */
export class JsonFault extends Error {}

/**
 * Parses JSON. Beside `JSON.parse`, it names the line and the column of a fault, and refuses an object that has a key
 * twice: `JSON.parse` keeps the last one in silence. Keys for which `isRepeatable` holds may stand any number of times.
 * @throws JsonFault
 */
export function parseJson(text: string, isRepeatable: (key: string) => boolean = () => false): unknown {
  const fault = (what: string, offset: number): JsonFault => {
    const lines = text.slice(0, offset).split('\n');
    return new JsonFault(`${what} at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`);
  };

  const read = ({ type, value, children = [] }: Node): unknown => {
    if (type === 'array') return children.map(read);
    if (type !== 'object') return value;
    const members = new Map<string, unknown>();
    for (const { offset, children: [key, member] = [] } of children) {
      if (!key || !member) continue;
      if (members.has(key.value) && !isRepeatable(key.value)) throw fault(`"${key.value}" for the second time`, offset);
      members.set(key.value, read(member));
    }
    return Object.fromEntries(members);
  };

  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first) throw fault(wordsOf(printParseErrorCode(first.error)), first.offset);
  return root && read(root);
}

/** `PropertyNameExpected`, a code of jsonc-parser, as `property name expected`. */
const wordsOf = (code: string) => code.replace(/\B[A-Z]/g, ' $&').toLowerCase();

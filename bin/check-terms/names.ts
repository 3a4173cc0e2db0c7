import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser';

/** A name that a file gives or uses, or the title of a test, with the line that it stands in (from 1). */
export interface Found {
  readonly kind: 'name' | 'title';
  readonly text: string;
  readonly line: number;
}

/** A string that is written like a name: of a property, a log event (`refresh.failed`), a metric, an error code. */
const NAME_LIKE = /^[A-Za-z_]\w*([.-]\w+)*$/;
const TITLED = new Set(['it', 'test', 'describe']);

/**
 * The names and test titles of a TypeScript file, in the order of their first lines. A name counts once a file, a title as often as it stands there.
 * @throws where the source does not parse.
 */
export function namesIn(file: string, source: string): Found[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const found: Found[] = [];
  const seen = new Set<string>();
  const titles = new Set<number>();
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;
  const addName = (text: string, start: number) => {
    if (seen.has(text)) return;
    seen.add(text);
    found.push({ kind: 'name', text, line: lineAt(start) });
  };
  new Visitor({
    CallExpression({ callee, arguments: [title] }) {
      const text = title && TITLED.has(calledName(callee)) ? textOf(title) : undefined;
      if (!title || text === undefined) return;
      titles.add(title.start);
      found.push({ kind: 'title', text, line: lineAt(title.start) });
    },
    Identifier: ({ name, start }) => addName(name, start),
    PrivateIdentifier: ({ name, start }) => addName(name, start),
    Literal({ value, start }) {
      if (typeof value === 'string' && NAME_LIKE.test(value) && !titles.has(start)) addName(value, start);
    },
  }).visit(program);
  return found;
}

/** `it` of `it(…)`, `it.skipIf(…)(…)` and `it.each`…`(…)`. */
function calledName(callee: Expression): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'CallExpression') return calledName(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return calledName(callee.tag);
  return callee.type === 'MemberExpression' ? calledName(callee.object) : '';
}

function textOf(node: Argument): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.cooked).join('…') : undefined;
}

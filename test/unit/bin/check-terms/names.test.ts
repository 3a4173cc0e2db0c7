import { expect, it } from 'vitest';
import { namesIn } from '../../../../bin/check-terms/names.ts';

const textsOf = (kind: 'name' | 'title', source: string) =>
  namesIn('x.ts', source).flatMap((found) => (found.kind === kind ? [found.text] : []));

it('returns declared, imported and used names, properties and private fields, each once a file', () => {
  const source = `import { a as b } from 'p';
    class C<T> { #d = 1; e?: T; f() { return this.#d + b.g; } }
    function h({ i }: { i: number }, ...[j]: number[]) { return i + j!; }`;
  expect(textsOf('name', source).toSorted()).toEqual(['C', 'T', 'a', 'b', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'p']);
});

it('returns strings that are written like a name, in values and in types', () => {
  const source = `type Event = 'refresh.failed' | 'sweep-done'; const x = ['FailedRefreshes', 'a sentence', '/a/path', \`\${x}\`];`;
  expect(textsOf('name', source)).toEqual(['Event', 'refresh.failed', 'sweep-done', 'x', 'FailedRefreshes']);
});

it.each([
  ["it('holds', () => {})", 'holds'],
  ["test('holds', () => {})", 'holds'],
  ["describe('holds', () => {})", 'holds'],
  ["it.each([1])('holds', () => {})", 'holds'],
  ["describe.each(all)('holds', () => {})", 'holds'],
  ["it.skipIf(no).each([1])('holds', () => {})", 'holds'],
  ['it.each`a`("holds", () => {})', 'holds'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
  ['it(`holds ${n} of ${m}`, () => {})', 'holds … of …'],
])('%s has one title', (source, title) => {
  expect(textsOf('title', source)).toEqual([title]);
});

it('takes a call of another function for no title', () => {
  expect(textsOf('title', "log('holds'); suite.it('holds'); it(title, () => {});")).toEqual([]);
});

it('returns the line of each title and of the first use of a name', () => {
  expect(namesIn('x.ts', "\nconst a = 1;\nit('holds',\n  () => a);")).toEqual([
    { kind: 'name', text: 'a', line: 2 },
    { kind: 'title', text: 'holds', line: 3 },
    { kind: 'name', text: 'it', line: 3 },
  ]);
});

it('throws where the source does not parse', () => {
  expect(() => namesIn('x.ts', 'const = 1')).toThrow('x.ts: ');
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { templateOf, VARIANTS } from '../../fakes/template.ts';
import { ALL, schemaOf } from '../../unit/lib/settings/generated.ts';

const textOf = (page: string): string => readFileSync(`docs/${page}`, 'utf8');
const PAGES = globSync('*.md', { cwd: 'docs' });
const CONFIGURATION = textOf('configuration.md');

/** What an error of `parse` says. */
function refusalOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe.each(PAGES)('docs/%s', (page) => {
  it('links to pages and headings that exist', () => {
    for (const [, target = '', anchor = ''] of textOf(page).matchAll(/\]\(([\w.-]*)#?([\w-]*)\)/g)) {
      const file = target === '' ? page : target;
      expect(existsSync(`docs/${file}`), file).toBe(true);
      if (anchor !== '') expect(anchorsOf(file)).toContain(anchor);
    }
  });
});

describe('docs/configuration.md', () => {
  it('names every setting', () => {
    const [, names = ''] = /the settings are (.*)\.$/.exec(refusalOf(() => parseSettings({ nonsense: 1 }))) ?? [];
    expect(names.split(', ').length).toBeGreaterThan(30);
    const missing = names.split(', ').filter((name) => !CONFIGURATION.includes(`\n| \`${name}\` |`));
    expect(missing, 'settings without a row in docs/configuration.md').toEqual([]);
  });

  it('names the default of every setting that has one', () => {
    for (const [name, value] of Object.entries(parseSettings({}))) {
      const [row = ''] = new RegExp(`^\\| \`${name}\` .*$`, 'm').exec(CONFIGURATION) ?? [];
      const shown = JSON.stringify(value).replaceAll('"', '');
      if (shown !== '{}')
        expect(row.replaceAll('"', ''), `the row of ${name} in docs/configuration.md`).toContain(shown);
    }
  });

  it('says of every setting what its schema says', async () => {
    const page = ALL.reduce(
      (text, { name, description }) =>
        text.replace(new RegExp(`^(\\| \`${name}\` \\|.*\\| ).* \\|$`, 'm'), (_, cells) => `${cells}${description} |`),
      CONFIGURATION,
    );
    await expect(page).toMatchFileSnapshot('../../../docs/configuration.md');
  });

  it('names the limits of every setting that is a number', () => {
    const numbers = ALL.map(({ name }) => ({ name, schema: schemaOf(name) })).filter(
      ({ schema }) => 'maximum' in schema && !('enum' in schema),
    );
    expect(numbers.length).toBeGreaterThan(10);
    for (const { name, schema } of numbers) {
      const [row = ''] = new RegExp(`^\\| \`${name}\` .*$`, 'm').exec(CONFIGURATION) ?? [];
      const limits = row.split(' | ')[2]?.replaceAll(',', '');
      const { minimum, exclusiveMinimum, maximum } = schema;
      const range = minimum === undefined ? `over ${exclusiveMinimum}, up to ${maximum}` : `${minimum} to ${maximum}`;
      expect(limits, `the limits of ${name} in docs/configuration.md`).toMatch(
        new RegExp(`^${range.replace(',', '')}\\b`),
      );
    }
  });

  it('names every output of the stack', () => {
    const outputs = Object.values(VARIANTS).flatMap((settings) => Object.keys(templateOf(settings).toJSON().Outputs));
    for (const name of new Set(outputs)) {
      expect(CONFIGURATION).toContain(`\`${name.replace(/^MachineClient.*/, 'MachineClient<Name>Id')}\``);
    }
  });

  it('names every environment variable of the local run', () => {
    const source = readFileSync('lib/local/settings.ts', 'utf8');
    const [, shape = ''] = /const Variables = z\.object\(\{(.*?)^\}\);/ms.exec(source) ?? [];
    const names = [...shape.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    const missing = names.filter((name) => !CONFIGURATION.includes(`\`${name}\``));
    expect(missing, 'variables without a row in docs/configuration.md').toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../../../functions/routes.ts';
import { description } from '../../../../lib/api/docs.ts';
import project from '../../../../package.json' with { type: 'json' };
import { templateOf } from '../../../fakes/template.ts';

const Document = z.object({ info: z.object({ version: z.string() }), paths: z.record(z.string(), z.unknown()) });
const documentOf = (hasLogin: boolean) => Document.parse(JSON.parse(description(hasLogin)));
const pathsOf = (of: readonly { readonly path: string }[]) => [...new Set(of.map(({ path }) => path))].sort();

describe('the API’s description', () => {
  it('names the project’s version', () => {
    expect(documentOf(true).info.version).toBe(project.version);
  });

  it('has every route, those of logins only where a deployment has them', () => {
    const all = Object.values(routes);
    expect(Object.keys(documentOf(true).paths).sort()).toEqual(pathsOf(all));
    expect(Object.keys(documentOf(false).paths).sort()).toEqual(pathsOf(all.filter(({ lambda }) => lambda !== 'auth')));
  });

  it('is the same bytes at each synthesis', () => {
    expect(description(true)).toBe(description(true));
  });

  it('needs nothing from the environment of the function that serves it', () => {
    const [docs] = Object.entries(templateOf().findResources('AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('Docs'),
    );
    expect(docs?.[1].Properties).not.toHaveProperty('Environment');
  });
});

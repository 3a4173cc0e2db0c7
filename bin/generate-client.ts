// `npm run generate-client` writes bin/client/api.d.ts: the types of every call, from the OpenAPI document.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { routes } from '../functions/routes.ts';
import { description } from '../lib/api/docs.ts';

/**
 * TypeScript 7 has no JavaScript API, which the generator needs. `@ts-morph/common` contains TypeScript 6, without a second
 * `tsc`.
 */
const TYPESCRIPT = import.meta.resolve('@ts-morph/common/dist/typescript.js');
const FILE = new URL('client/api.d.ts', import.meta.url);

/** The text of bin/client/api.d.ts. */
export async function clientTypes(): Promise<string> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => next(specifier === 'typescript' ? TYPESCRIPT : specifier, context),
  });
  const { astToString, default: openapiTypes } = await import('openapi-typescript');
  hooks.deregister();
  return `${ABOUT}${astToString(await openapiTypes(description(routes)))}`;
}

const ABOUT = '// The types of every call, from the OpenAPI document. `npm run generate-client` writes this file.\n\n';

if (import.meta.main) writeFileSync(FILE, await clientTypes());

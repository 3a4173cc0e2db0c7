import type { BrowserContext } from 'playwright-core';
import * as z from 'zod';
import type { Watch } from './watch.ts';

const Granted = z.looseObject({ access_token: z.string(), refresh_token: z.string().optional() });

/** The API's login, and the token endpoint of an issuer. */
const GRANTS = /^\/auth\/|\/token$/;

/** Collects the tokens that a context's pages were granted. */
export function grantedTo(context: BrowserContext): () => Promise<readonly string[]> {
  const bodies: Promise<string>[] = [];
  context.on('response', (response) => {
    const isGrant = GRANTS.test(new URL(response.url()).pathname);
    if (isGrant && response.ok()) bodies.push(response.text().catch(() => ''));
  });
  return async () => {
    const all = await Promise.all(bodies);
    return all
      .filter((text) => text !== '')
      .flatMap((text) => {
        const { access_token, refresh_token } = Granted.parse(JSON.parse(text));
        return [access_token, ...(refresh_token === undefined ? [] : [refresh_token])];
      });
  };
}

/** @returns where a page put a token that it must not be: the address, its storage, or the browser's console. */
export async function leaksOf(
  context: BrowserContext,
  { requests, lines }: Watch,
  tokens: readonly string[],
): Promise<readonly string[]> {
  const { origins, cookies } = await context.storageState();
  const places: readonly (readonly [string, string])[] = [
    ...requests.map((request) => ['the address of a request', request.url()] as const),
    ...requests.map((request) => ['a referrer', request.headers().referer ?? ''] as const),
    ...context.pages().map((page) => ['the address of the page', page.url()] as const),
    ...lines.map((line) => ['the browser’s console', line] as const),
  ];
  return [
    ...places.filter(([, text]) => tokens.some((token) => text.includes(token))).map(([place]) => place),
    ...origins.filter(({ localStorage }) => localStorage.length > 0).map(() => 'localStorage'),
    ...cookies.map(() => 'a cookie'),
  ];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { type LocalStack, startLocal } from '../../lib/local/main.ts';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { WEBHOOK_TOKEN } from '../e2e/stack/options.ts';
import { PEOPLE, startIssuer } from '../fakes/oidc-issuer.ts';
import { isSkipped } from './browser/chromium.ts';
import { it } from './browser/it.ts';
import type { Tab } from './browser/tab.ts';

let directory: string;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let stack: LocalStack;
beforeAll(async () => {
  if (isSkipped) return;
  directory = await mkdtemp(join(tmpdir(), 'console-oidc-'));
  issuer = await startIssuer();
  stack = await startLocal({
    assembly: await synthesize({
      outdir: join(directory, 'cdk.out'),
      context: issuer.settings,
      bundles: inject('bundles'),
    }),
    dataDir: join(directory, 'data'),
    anycheckBaseUrl: 'http://127.0.0.1:9',
    anycheckCredentials: { apiKey: 'unused' },
    webhookToken: WEBHOOK_TOKEN,
  });
  issuer.redirectUris.add(`${stack.url}/console`);
});
afterAll(async () => {
  await stack?.close();
  await issuer?.close();
  if (!isSkipped) await rm(directory, { recursive: true, force: true });
});

/** Signs in at the issuer. */
async function signInAtIssuer(tab: Tab, password?: string): Promise<void> {
  const [, operator] = PEOPLE;
  await tab.button('Sign in').click();
  await tab.field('Email').fill(operator?.email ?? '');
  await tab.field('Password').fill(password ?? operator?.password ?? '');
  await tab.button('Log in').click();
}
/** The codes that the issuer gave. */
const codes = ({ watched }: Tab) =>
  watched.requests.flatMap((request) => new URL(request.url()).searchParams.get('code') ?? []);

describe('a deployment with an issuer of its own', () => {
  it('signs in there with PKCE, restores the view, and leaves no code in the address', async ({ open }) => {
    const tab = await open({ origin: stack.url, query: '?view=groups&phase=settled' });
    await signInAtIssuer(tab, 'wrong');
    await tab.shows(tab.page.getByRole('alert'), 'Email or password is wrong.');
    await tab.page.goBack();
    await tab.page.goBack();
    await signInAtIssuer(tab);
    await tab.text('operator').waitFor();
    expect(tab.params()).toEqual({ view: 'groups', phase: 'settled' });
    expect(await tab.field('Phase').inputValue()).toBe('settled');
    const authorization = tab.watched.requests
      .map((one) => new URL(one.url()))
      .find(({ pathname }) => pathname === '/authorize');
    expect(authorization?.searchParams.get('code_challenge_method')).toBe('S256');
    expect(tab.page.url()).not.toContain(codes(tab)[0]);

    await tab.page.reload();
    await tab.text('operator').waitFor();
    await tab.page.goBack();
    expect(tab.page.url()).not.toContain('code=');
  });

  it('gets new tokens from the issuer before the first ones end', async ({ open }) => {
    const tab = await open({ origin: stack.url, withClock: true });
    await signInAtIssuer(tab);
    await tab.settled();
    const grants = () => tab.calls().filter((call) => call === 'POST /token').length;
    expect(grants()).toBe(1);
    await tab.page.clock.fastForward(290_000);
    await expect.poll(grants).toBe(2);
    await tab.settled();
    expect(await tab.page.getByRole('alert').count()).toBe(0);
  });

  it('refuses a code that this tab did not request', async ({ open }) => {
    const tab = await open({ origin: stack.url, query: '?code=stolen&state=guessed' });
    await tab.shows(tab.page.getByRole('alert'), 'This sign-in was not begun in this tab.');
    expect(tab.page.url()).toBe(`${stack.url}/console`);
    expect(tab.calls()).toEqual([]);
  });
});

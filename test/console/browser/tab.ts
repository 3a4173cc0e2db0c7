/// <reference lib="dom" />
// What a test evaluates runs in the page.

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Credentials, signIn } from './sign-in.ts';
import type { Watch } from './watch.ts';

/** What a view shows to a role that may not open it. */
export const NO_VIEW = 'Your role does not include this view.';

/** A tab with the console, used as a person uses it: by what is written on the screen. */
export class Tab {
  readonly page: Page;
  readonly watched: Watch;
  readonly #address: string;

  constructor(page: Page, watched: Watch, address: string) {
    this.page = page;
    this.watched = watched;
    this.#address = address;
  }

  signIn = (credentials: Credentials): Promise<void> => signIn(this.page, credentials);

  /** Goes to a place of the console as a link does. @param query of `/console`. */
  async go(query: string): Promise<void> {
    await this.page.goto(`${this.#address}${query}`);
  }

  /** Another tab of the same browser. */
  async another(query = ''): Promise<Tab> {
    const page = await this.page.context().newPage();
    await page.goto(`${this.#address}${query}`);
    return new Tab(page, this.watched, this.#address);
  }

  field = (label: string | RegExp): Locator => this.page.getByLabel(label, { exact: true });
  button = (name: string | RegExp): Locator => this.page.getByRole('button', { name, exact: true });
  link = (name: string | RegExp): Locator => this.page.getByRole('link', { name, exact: true });
  heading = (name: string | RegExp): Locator => this.page.getByRole('heading', { name, exact: true });
  text = (text: string | RegExp): Locator => this.page.getByText(text);
  /** The row of a table that contains a text. */
  row = (text: string | RegExp): Locator => this.page.getByRole('row').filter({ hasText: text });
  dialog = (): Locator => this.page.getByRole('dialog');

  /** Waits until a part of the page has a text. */
  async shows(part: Locator, text: string | RegExp): Promise<void> {
    await expect.poll(() => part.innerText()).toMatch(text);
  }

  /** Waits until the view is there, and nothing of it loads any more. */
  async settled(): Promise<void> {
    const { pending } = this.watched;
    const view = this.heading(/./).or(this.text(NO_VIEW)).first();
    await view.waitFor();
    let quietReads = 0;
    await expect
      .poll(async () => {
        const isQuiet = pending.size === 0 && (await this.page.getByText('Loading', { exact: true }).count()) === 0;
        quietReads = isQuiet ? quietReads + 1 : 0;
        return quietReads;
      })
      .toBeGreaterThan(1);
  }

  /** Puts the clock of the page forward by more than the time between two polls. */
  later = (): Promise<void> => this.page.clock.fastForward(11_000);

  /** The parameters of the address. */
  params = (): Record<string, string> => Object.fromEntries(new URL(this.page.url()).searchParams);

  /** The API's calls so far, such as `GET /groups`, without queries. */
  calls = (): readonly string[] =>
    this.watched.requests
      .filter((request) => request.resourceType() === 'fetch')
      .map((request) => `${request.method()} ${new URL(request.url()).pathname}`);
}

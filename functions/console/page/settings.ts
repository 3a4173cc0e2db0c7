/** How users sign in: with an email and a password here, or at an issuer of their organisation. */
export type ConsoleSettings =
  | { readonly login: 'password' }
  | {
      readonly login: 'oidc';
      readonly issuer: string;
      readonly client_id: string;
      /** Separated by spaces. */
      readonly scopes: string;
      readonly audience?: string;
    };

/** Returns the settings that the server wrote into the page. */
export function settingsIn(page: Document): ConsoleSettings {
  const meta = page.querySelector<HTMLMetaElement>('meta[name="console-settings"]');
  return JSON.parse(meta?.content ?? '{"login":"password"}');
}

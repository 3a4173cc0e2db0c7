/** How a person logs in on the page. The page's HTML holds it as JSON. */
export type ConsoleLogin =
  | {
      /** By email and password, at `POST /auth/login`. */
      readonly login: 'password';
    }
  | {
      /** By the authorization code flow of an OpenID Connect issuer. */
      readonly login: 'oidc';
      readonly issuer: string;
      readonly client_id: string;
      /** Separated by spaces. */
      readonly scopes: string;
      readonly audience?: string;
    };

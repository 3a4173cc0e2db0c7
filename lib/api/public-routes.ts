import type { routes } from '../../functions/routes.ts';

type Routes = typeof routes;
type PublicRoute = { [Name in keyof Routes]: Routes[Name]['access'] extends 'public' ? Name : never }[keyof Routes];

/** Why a route accepts calls without a token. The type requires a reason for every public route. */
const REASONS: Readonly<Record<PublicRoute, string>> = {
  login:
    'A user has no token before the login. The route has a throttle of its own, and its answers do not reveal which accounts exist.',
  refreshTokens:
    'The access token has expired by then. The function checks the refresh token in the body, which works once.',
  health: 'It returns only whether the service works, for monitors that have no credentials.',
  anycheckWebhook:
    'AnyCheck has no token of this service. The function checks the secret in the path, and the signature where one is ' +
    'configured. A delivery can only request a refresh of a known group.',
  listAddresses: 'It names the public addresses and those that require a token, and contains no data.',
  openapiDocument: 'It describes the API, as this repository does, and contains no personal data.',
  docsPage: 'It is a static page without data, which loads the description and requests a token where that needs one.',
  docsFile: 'These are the static files of that page.',
  consolePage:
    'It is a static page without data. A person logs in on it, and it calls the API with that person’s token.',
  consoleFile: 'These are the static files of that page.',
};

/** The reasons, by the route's name. */
export const whyPublic: ReadonlyMap<string, string> = new Map(Object.entries(REASONS));

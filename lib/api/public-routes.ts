import type { routes } from '../../functions/routes.ts';

type Routes = typeof routes;
type PublicRoute = { [Name in keyof Routes]: Routes[Name]['access'] extends 'public' ? Name : never }[keyof Routes];

/** Why routes are open to callers without a token: every one that is has to be here. */
const REASONS: Readonly<Record<PublicRoute, string>> = {
  login: 'Who logs in has no token yet. It is throttled apart, and tells nobody who has an account.',
  refreshTokens: 'The access token has ended by then: the refresh token in the body is checked, and used up.',
  health: 'It tells whether the service answers, and nothing else; what watches it holds no credentials.',
  anycheckWebhook:
    'AnyCheck has no token of ours. The function checks the secret in the path, and the signature where there is one; a ' +
    'delivery can have a known group looked at, and nothing else.',
  openapiDocument: 'It describes the API, as this repository does, and holds nothing of anybody.',
  docsPage: 'It is a static page that shows the description.',
  docsFile: 'These are the static files of that page.',
};

/** By the route's name. */
export const whyPublic: ReadonlyMap<string, string> = new Map(Object.entries(REASONS));

import type { JWTPayload } from 'jose';
import { startOidcIssuer } from '../../lib/local/issuer/oidc/oidc-issuer.ts';
import { loadSigningKey } from '../../lib/local/issuer/signing-key.ts';
import { openState } from '../../lib/local/storage/state.ts';

export const AUDIENCE = 'api://anycheck-snapshots';
export const CLIENT_ID = 'console';
const LIFETIME_SECONDS = 300;
export const PEOPLE = ['viewer', 'operator', 'admin'].map((role) => ({
  email: `${role}@example.com`,
  password: `password of the ${role}`,
  groups: [role],
}));

/**
 * The local issuer of OpenID Connect, with its own key. Tokens of people have their roles in `roles`, and a
 * `preferred_username`. `sign` signs tokens as it pleases.
 */
export async function startIssuer(now: () => number = Date.now) {
  const state = openState(':memory:');
  const key = await loadSigningKey(state);
  const redirectUris = new Set<string>();
  const served = await startOidcIssuer({
    key,
    client: { id: CLIENT_ID, redirectUris },
    users: PEOPLE,
    audience: AUDIENCE,
    claimsOf: ({ email, groups }) => ({ sub: `id of ${email}`, preferred_username: email, roles: [...(groups ?? [])] }),
    accessSeconds: LIFETIME_SECONDS,
    now,
  });
  return {
    ...served,
    redirectUris,
    /** The settings of a deployment that takes its tokens, and whose console signs in at it. */
    settings: {
      oidc_issuer: served.url,
      oidc_audience: AUDIENCE,
      groups_claim: 'roles',
      person_claim: 'preferred_username',
      console_client_id: CLIENT_ID,
      console_scopes: 'openid offline_access',
    },
    sign: (claims: JWTPayload) => {
      const iat = Math.floor(now() / 1000);
      return key.sign({ aud: AUDIENCE, iss: served.url, iat, exp: iat + LIFETIME_SECONDS, ...claims });
    },
    async close() {
      await served.close();
      state.close();
    },
  };
}

import type { ClaimNames } from '../../functions/runtime/access/caller.ts';

/** The claims of Cognito's access tokens. */
export const CLAIMS: ClaimNames = { GROUPS_CLAIM: 'cognito:groups', PERSON_CLAIM: 'username' };

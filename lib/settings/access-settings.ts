import { integer } from './numbers.ts';

/** How the functions check API keys. */
export const accessSettings = {
  api_key_cache_seconds: integer(0, 3600)
    .default(60)
    .describe(
      'How long an instance of a function remembers a key. A revoked key works as long at most; a key’s own end is exact. Lower it if a revocation must hold sooner. 0 reads the key at each call, for 1 read unit.',
    ),
};

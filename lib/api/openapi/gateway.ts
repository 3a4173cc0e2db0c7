import * as z from 'zod/mini';
import { NOTHING, type Route } from '../../../functions/route.ts';

/** The body of API Gateway's own errors. AWS does not let an API change it. */
export const GatewayFailure = z.object({ message: z.string() }).check(z.meta({ id: 'GatewayFailure' }));

interface Refusal {
  /** The name of its component in the OpenAPI document. */
  readonly name: string;
  readonly when: string;
  readonly comes: (route: Route) => boolean;
}

const isGuarded = (route: Route) => route.access !== 'public';
const always = () => true;

/** By status: when API Gateway answers instead of the function. */
export const REFUSALS: Readonly<Record<number, Refusal>> = {
  401: {
    name: 'Unauthorized',
    when: 'no token, or a token that is expired, altered or from another issuer.',
    comes: isGuarded,
  },
  403: { name: 'Forbidden', when: 'a token without a scope that this route accepts.', comes: isGuarded },
  413: { name: 'TooLarge', when: 'a body over 6 MB.', comes: ({ body }) => body !== NOTHING },
  429: { name: 'Throttled', when: 'too many requests at once.', comes: always },
  431: { name: 'HeadersTooLarge', when: 'headers over 10,240 bytes.', comes: always },
  500: { name: 'Failed', when: 'the function failed.', comes: always },
  503: { name: 'Late', when: 'the function took too long.', comes: always },
};

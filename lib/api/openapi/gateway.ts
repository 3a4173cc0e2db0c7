import * as z from 'zod/mini';
import { NOTHING, type Route } from '../../../functions/route.ts';

/** The body of what the gateway itself refuses, or couldn't have answered: its form can't be chosen. */
export const GatewayFailure = z.object({ message: z.string() }).check(z.meta({ id: 'GatewayFailure' }));

interface Refusal {
  /** Of the component that describes it. */
  readonly name: string;
  readonly when: string;
  readonly comes: (route: Route) => boolean;
}

const isGuarded = (route: Route) => route.access !== 'public';
const always = () => true;

/** By status, when the gateway answers instead of the function. */
export const REFUSALS: Readonly<Record<number, Refusal>> = {
  401: {
    name: 'Unauthorized',
    when: 'no token, or one that is expired, tampered with or foreign.',
    comes: isGuarded,
  },
  403: { name: 'Forbidden', when: 'a token without a scope that this route takes.', comes: isGuarded },
  413: { name: 'TooLarge', when: 'a body over 6 MB.', comes: ({ body }) => body !== NOTHING },
  429: { name: 'Throttled', when: 'too many requests at once.', comes: always },
  431: { name: 'HeadersTooLarge', when: 'headers over 10,240 bytes.', comes: always },
  500: { name: 'Failed', when: 'the function failed.', comes: always },
  503: { name: 'Late', when: 'the function took too long.', comes: always },
};

import * as z from 'zod/mini';
import { NOTHING, type Route } from '../../../functions/route.ts';

/** The body of API Gateway's own errors. AWS does not let an API change it. */
export const GatewayFailure = z.object({ message: z.string() }).check(z.meta({ id: 'GatewayFailure' }));

interface Refusal {
  /** The name of its component in the OpenAPI document. */
  readonly name: string;
  readonly when: string;
  /** The message of the body. */
  readonly message: string;
  readonly comes: (route: Route) => boolean;
}

const isGuarded = (route: Route) => route.access !== 'public';
const always = () => true;

/** By status: when API Gateway answers instead of the function. */
export const REFUSALS: Readonly<Record<number, Refusal>> = {
  401: {
    name: 'Unauthorized',
    when: 'no token, or a token that is expired, altered or from another issuer.',
    message: 'Unauthorized',
    comes: isGuarded,
  },
  403: {
    name: 'Forbidden',
    when: 'a token without a scope that this route accepts.',
    message: 'Forbidden',
    comes: isGuarded,
  },
  413: {
    name: 'TooLarge',
    when: 'a body over 6 MB.',
    message: 'Request Entity Too Large',
    comes: ({ body }) => body !== NOTHING,
  },
  429: { name: 'Throttled', when: 'too many requests at once.', message: 'Too Many Requests', comes: always },
  431: {
    name: 'HeadersTooLarge',
    when: 'a request line and headers over 10,240 bytes.',
    message: 'Request Header Fields Too Large',
    comes: always,
  },
  500: {
    name: 'Failed',
    when: 'the function failed, or API Gateway could not call it.',
    message: 'Internal Server Error',
    comes: always,
  },
  503: { name: 'Late', when: 'the function took too long.', message: 'Service Unavailable', comes: always },
};

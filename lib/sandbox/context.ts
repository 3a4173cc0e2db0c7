import type { CallLog } from './call-log.ts';
import type { Catalogue } from './groups/catalogue.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { StateStore } from './state.ts';
import type { DeliveryLog } from './webhooks/delivery-log.ts';
import type { StatusWatch } from './webhooks/watch.ts';

/** The credentials of the sandbox's one user in its one organisation. */
export interface Credentials {
  apiKey: string;
  email: string;
  password: string;
}

/** The shared parts of one sandbox. */
export interface SandboxContext {
  credentials: Credentials;
  store: StateStore;
  catalogue: Catalogue;
  limiter: RateLimiter;
  calls: CallLog;
  deliveries: DeliveryLog;
  watch: StatusWatch;
  /** In milliseconds since the epoch. */
  now(): number;
}

/** One request with its whole body. */
export interface Call {
  method: string;
  url: URL;
  /** The parameters of the route's path template, such as `id`. */
  params: Record<string, string>;
  header(name: string): string | undefined;
  body: string;
}

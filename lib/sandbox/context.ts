import type { CallLog } from './call-log.ts';
import type { Catalogue } from './groups/catalogue.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { StateStore } from './state.ts';
import type { DeliveryLog } from './webhooks/delivery-log.ts';
import type { StatusWatch } from './webhooks/watch.ts';

/** Who may call: one user, one organisation. */
export interface Credentials {
  apiKey: string;
  email: string;
  password: string;
}

/** What every part of the sandbox works on. */
export interface SandboxContext {
  credentials: Credentials;
  store: StateStore;
  catalogue: Catalogue;
  limiter: RateLimiter;
  calls: CallLog;
  deliveries: DeliveryLog;
  watch: StatusWatch;
  /** Epoch milliseconds. */
  now(): number;
}

/** One request, read whole. */
export interface Call {
  method: string;
  url: URL;
  /** What the route's path template names, such as `id`. */
  params: Record<string, string>;
  header(name: string): string | undefined;
  body: string;
}

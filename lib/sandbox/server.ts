import { createServer, type Server } from 'node:http';
import { serve } from '../local/http/serve.ts';
import { createCallLog } from './call-log.ts';
import type { Credentials, SandboxContext } from './context.ts';
import { controlRoutes } from './controls/control-routes.ts';
import { type Controls, createControls } from './controls/controls.ts';
import { deliver } from './deliver.ts';
import { brokenReply, createDispatch, type Dispatch } from './dispatch.ts';
import { createCatalogue } from './groups/catalogue.ts';
import { createRateLimiter } from './rate-limit.ts';
import { apiRoutes } from './routes.ts';
import { openState } from './state.ts';
import { createDeliveryLog } from './webhooks/delivery-log.ts';
import { createSender, type WebhookOptions } from './webhooks/sender.ts';
import { createStatusWatch } from './webhooks/watch.ts';

export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The file that stores the state. Without it the state ends with the process. */
  stateFile?: string;
  credentials?: Credentials;
  /**
   * The `webhook_url` of the items of all fixture groups but 8, whose changes no webhook reports. Default: the items'
   * own.
   */
  webhookUrl?: string;
  /** How webhooks are signed, and whether they may go to other machines. */
  webhooks?: WebhookOptions;
  /** The clock of life cycles, tokens and limits, in milliseconds since the epoch. Delays and hangs use real time. */
  now?: () => number;
}

export interface Sandbox {
  /** Without a trailing slash. */
  url: string;
  credentials: Credentials;
  controls: Controls;
  /** Closes the server and all open connections at once. */
  close(): Promise<void>;
}

/** Public credentials: the sandbox contains no real data. */
export const SANDBOX_CREDENTIALS: Credentials = {
  apiKey: 'sandbox-api-key',
  email: 'sandbox@anycheck.example',
  password: 'sandbox-password',
};

/**
 * Starts a stand-in for AnyCheck.
 * @throws an error with code `SANDBOX_STATE_UNREADABLE` for an unusable state file, or the system's `EADDRINUSE` for a
 * port in use.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', credentials = SANDBOX_CREDENTIALS, now = Date.now } = options;
  const store = openState(options.stateFile, now());
  const catalogue = createCatalogue(store, options.webhookUrl);
  const closing = new AbortController();
  const { signal } = closing;
  const deliveries = createDeliveryLog();
  const send = createSender({ store, log: deliveries, options: options.webhooks ?? {}, now, signal });
  const context: SandboxContext = {
    credentials,
    store,
    catalogue,
    limiter: createRateLimiter(),
    calls: createCallLog(),
    deliveries,
    watch: createStatusWatch(catalogue, send, now),
    now,
  };
  const controls = createControls(context);
  const dispatch = createDispatch(context, apiRoutes(context), controlRoutes(controls));
  const { url, close } = await serve(answering(dispatch, signal), port, host);
  context.watch.start(signal);
  return {
    url,
    credentials,
    controls,
    async close() {
      closing.abort();
      await close();
    },
  };
}

function answering(dispatch: Dispatch, signal: AbortSignal): Server {
  return createServer((request, response) => {
    const answer = async () => {
      const { reply, entry } = await dispatch(request).catch((error: unknown) => ({
        reply: brokenReply(error),
        entry: undefined,
      }));
      const whole = await deliver(reply, response, signal);
      if (entry !== undefined && whole) entry.status = reply.status;
    };
    answer().catch(() => response.destroy());
  });
}

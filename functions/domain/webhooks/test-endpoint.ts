import { tooSoon } from '../refusal.ts';
import { findEndpoint } from './change-endpoint.ts';
import type { AttemptResult } from './delivery.ts';
import type { DeliveryLog, Endpoints, SecretBox, WebhookSender } from './ports.ts';
import { openedSecrets } from './secrets.ts';

export interface TestDeps {
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly log: Pick<DeliveryLog, 'countTest'>;
  readonly sender: WebhookSender;
  readonly box: SecretBox;
  /** Returns 22 characters of base64url. */
  readonly randomId: () => string;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** ms between two tests of an endpoint. */
const INTERVAL_MS = 10_000;

/**
 * Sends an event of type `ping` to an endpoint, as deliveries are sent. It has no record and no retry, says nothing of
 * the endpoint's state, and is also sent to a disabled endpoint.
 * @throws Refusal UNKNOWN_ENDPOINT; QUOTA_SPENT where another test was less than INTERVAL_MS ago.
 */
export async function testEndpoint(deps: TestDeps, endpointId: string): Promise<AttemptResult> {
  const { endpoint } = await findEndpoint(deps, endpointId);
  const at = deps.now();
  if (!(await deps.log.countTest(endpointId, INTERVAL_MS, at))) {
    throw tooSoon('This webhook endpoint was tested a moment ago.', INTERVAL_MS);
  }
  const id = `evt_${deps.randomId()}`;
  const event = { id, type: 'ping', timestamp: new Date(at).toISOString(), data: { endpoint_id: endpointId } };
  const secrets = await openedSecrets(deps.box, endpoint, at);
  return deps.sender.send({ url: endpoint.url, id, body: JSON.stringify(event), secrets });
}

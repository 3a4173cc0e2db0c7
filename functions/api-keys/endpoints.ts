import type { ApiKey } from '../domain/api-keys/api-key.ts';
import { type CreateKeyDeps, createKey } from '../domain/api-keys/create-key.ts';
import { keyView, listView } from '../domain/api-keys/key-view.ts';
import type { ApiKeys } from '../domain/api-keys/ports.ts';
import { revokeKey } from '../domain/api-keys/revoke-key.ts';
import { rotateKey } from '../domain/api-keys/rotate-key.ts';
import { iso } from '../domain/iso-time.ts';
import type { Caller } from '../runtime/access/caller.ts';
import { endpoint } from '../runtime/api.ts';
import { log } from '../runtime/log/log.ts';
import { json } from '../runtime/rest/json.ts';
import type { Reply } from '../runtime/rest/reply.ts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './routes.ts';

interface Deps extends CreateKeyDeps {
  readonly keys: ApiKeys;
}

/** The handlers of the routes of API keys. */
export const endpoints = (deps: Deps) => [
  endpoint(createApiKey, async ({ body, caller }) => {
    const { name, role, expires_in_days: lifetimeDays } = body;
    const { key, text } = await createKey(deps, { name, role, lifetimeDays, createdBy: caller.who });
    logChange('key.created', key, caller);
    return notStored(json(createApiKey, 201, { ...keyView(key, deps.now()), key: text }));
  }),
  endpoint(listApiKeys, async () => json(listApiKeys, 200, { items: listView(await deps.keys.list(), deps.now()) })),
  endpoint(rotateApiKey, async ({ parameters, body, caller }) => {
    const { previous_valid_hours: previousValidHours, expires_in_days: lifetimeDays } = body;
    const rotation = { previousValidHours, lifetimeDays, rotatedBy: caller.who };
    const { key, text, previousEndsAt } = await rotateKey(deps, parameters.key_id, rotation);
    logChange('key.rotated', key, caller);
    const view = { ...keyView(key, deps.now()), key: text, previous_ends_at: iso(previousEndsAt) };
    return notStored(json(rotateApiKey, 200, view));
  }),
  endpoint(revokeApiKey, async ({ parameters, caller }) => {
    logChange('key.revoked', await revokeKey(deps.keys, parameters.key_id), caller);
    return { status: 204 };
  }),
];

/** Logs a change of a key, without its name, which can be a person's, and without the key. */
const logChange = (event: 'key.created' | 'key.rotated' | 'key.revoked', { id, role }: ApiKey, { who }: Caller): void =>
  log('info', event, { key_id: id, role, who });

const notStored = (reply: Reply): Reply => ({ ...reply, headers: { 'cache-control': 'no-store' } });

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { eventually } from '../../e2e/stack/calls.ts';
import type { Shared } from '../../e2e/stack/shared.ts';
import type { Credentials } from './sign-in.ts';

export type Role = 'viewer' | 'operator' | 'admin';

/** The service limits its calls of AnyCheck, so a refresh can wait for those of other tests. */
const DEADLINE_MS = 45_000;
/** Refreshes in a row that fail: the last of them is minutes later than any test. */
const FAILURES = 9;

const State = z.looseObject({ version: z.number().nullable(), last_error: z.unknown() });
type State = z.infer<typeof State>;

/** What tests do at the service and at AnyCheck, beside what they do in the browser. */
export function createService(shared: Shared) {
  const users = new Map<Role, Promise<Credentials>>();
  const call = (method: string, path: string, body?: unknown) =>
    shared.call(path, {
      method,
      headers: { authorization: `Bearer ${shared.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const stateOf = async (resultId: string): Promise<State> =>
    State.parse(await (await call('GET', `/groups/${resultId}`)).json());
  async function addUser(role: Role): Promise<Credentials> {
    const user = { email: `${role}-${randomUUID().slice(0, 8)}@example.com`, password: `password of the ${role}` };
    await shared.addUser({ ...user, groups: [role] });
    return user;
  }
  const service = {
    url: shared.stack.url,
    dataDir: shared.stack.dataDir,
    callsAbout: shared.callsAbout,
    call,
    /** A user with a role, the same one for all tests of a file. */
    user(role: Role): Promise<Credentials> {
      const known = users.get(role) ?? addUser(role);
      users.set(role, known);
      return known;
    },
    addUser,
    setGroup: shared.setGroup,
    /** Has AnyCheck answer some refreshes of a group with something unusable, and waits until one has failed. */
    async fail(resultId: string, times = FAILURES): Promise<void> {
      const fault = { kind: 'missing_id', result_id: resultId, times };
      await fetch(`${shared.stack.sandboxUrl}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
      await call('POST', `/groups/${resultId}/refresh`);
      await service.state(resultId, ({ last_error }) => last_error !== null);
    },
    /** Requests refreshes of a group until one succeeds. */
    recover: (resultId: string) =>
      eventually(
        async () => {
          await call('POST', `/groups/${resultId}/refresh`);
          return stateOf(resultId);
        },
        ({ last_error }) => last_error === null,
        DEADLINE_MS,
      ),
    /** Tracks a group, and waits for a version of it. */
    async track(resultId: string): Promise<void> {
      await call('POST', '/groups', { result_ids: [resultId] });
      await service.version(resultId, 1);
    },
    /** Waits until the state of a group is as expected. */
    state: (resultId: string, isExpected: (state: State) => boolean) =>
      eventually(() => stateOf(resultId), isExpected, DEADLINE_MS),
    /** Waits until a group has a version. */
    version: (resultId: string, number: number) =>
      service.state(resultId, ({ version }) => version !== null && version >= number),
    /** Publishes the next version of a group. */
    async publish(resultId: string, source: string): Promise<void> {
      await shared.setGroup(resultId, source);
      await call('POST', `/groups/${resultId}/refresh`);
    },
  };
  return service;
}

export type Service = ReturnType<typeof createService>;

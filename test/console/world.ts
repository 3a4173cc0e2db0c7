import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { eventually } from '../e2e/stack/calls.ts';
import type { Service } from './browser/service.ts';
import { groupSource, newId } from './groups.ts';

const Created = z.looseObject({ id: z.string() });
const Listed = z.object({ items: z.array(z.unknown()) });

/** A place of the console, by what a person would call it, with its query. */
export type Places = Readonly<Record<string, string>>;

/** Makes something of everything that the console shows. */
export async function makeWorld(service: Service, texts = { name: 'scoring', description: 'loans' }): Promise<Places> {
  const url = 'http://127.0.0.1:9/a-path-that-is-long-enough-for-more-than-one-line-of-a-phone';
  const body = { url, description: texts.description };
  const endpoint = Created.parse(await (await service.call('POST', '/webhook-endpoints', body)).json());
  onTestFinished(async () => {
    await service.call('DELETE', `/webhook-endpoints/${endpoint.id}`);
  });
  const id = newId();
  const group = (status: string) =>
    groupSource(status, [
      { id: 'identity', status, output: '{"name":"Siti Rahayu"}' },
      { id: 'a-verification-with-a-long-name-that-no-phone-shows-in-one-line', status: 'FAILED' },
    ]);
  await service.setGroup(id, group('IN_PROGRESS'));
  await service.track(id);
  await service.publish(id, group('COMPLETED'));
  await service.version(id, 2);
  await service.fail(id);
  await service.call('POST', '/api-keys', { name: texts.name, role: 'viewer' });
  await eventually(
    async () => Listed.parse(await (await service.call('GET', `/webhook-endpoints/${endpoint.id}/deliveries`)).json()),
    ({ items }) => items.length > 0,
  );
  const ofGroup = `?view=group&id=${id}`;
  return {
    Groups: '?view=groups&failing=true',
    'Group, timeline': ofGroup,
    'Group, items': `${ofGroup}&tab=items&item=0`,
    'Group, history': `${ofGroup}&tab=history`,
    'Group, comparison': `${ofGroup}&tab=compare&from=1&to=2`,
    Health: '?view=health',
    Webhooks: '?view=webhooks',
    'Webhook endpoint': `?view=webhooks&id=${endpoint.id}`,
    'API keys': '?view=keys',
  };
}

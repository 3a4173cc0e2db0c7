import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const CLIENT = new URL('../../../../../node_modules/@aws-sdk/client-dynamodb/dist-es/', import.meta.url);

it('is enough for the DynamoDB client, none of whose commands discovers endpoints', () => {
  const sources = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const using = sources.filter((file) =>
    /EndpointDiscoveryPlugin|endpointCache\b/.test(readFileSync(new URL(file, CLIENT), 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(50);
  expect(using).toEqual([]);
});

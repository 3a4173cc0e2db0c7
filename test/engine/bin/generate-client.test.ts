import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientTypes } from '../../../bin/generate-client.ts';

it('bin/client/api.d.ts is what `npm run generate-client` writes', { timeout: 60_000 }, async () => {
  expect(readFileSync('bin/client/api.d.ts', 'utf8'), 'run `npm run generate-client`').toBe(await clientTypes());
});

import * as z from 'zod';
import type { Provided } from '../stack/provided.ts';

const AccessToken = z.object({ access_token: z.string() });

/** A token of a machine client of the stack, which exchanges its id and secret for it. */
export async function machineToken(
  { machineClients, tokenUrl }: Pick<Provided, 'machineClients' | 'tokenUrl'>,
  name: string,
): Promise<string> {
  const { id, secret } = machineClients.find((one) => one.name === name) ?? { id: '', secret: '' };
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return AccessToken.parse(await response.json()).access_token;
}

import { createServer } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { serve } from '../../../lib/local/http/serve.ts';
import { startLocal } from '../../../lib/local/main.ts';
import { startSandbox } from '../../../lib/sandbox/server.ts';
import { optionsBeside } from './options.ts';
import { Order } from './provided.ts';

/** Runs the stack that end-to-end tests share, from when its parent is told where it is until the parent disconnects. */
const Place = z.object({ ASSEMBLY: z.string(), DATA_DIR: z.string() });

const { ASSEMBLY: assembly, DATA_DIR } = Place.parse(process.env);
const dataDir = join(DATA_DIR, 'shared');
const sandbox = await startSandbox();
sandbox.controls.setLimits({ limit: null });
const stack = await startLocal({ assembly, dataDir, ...optionsBeside(sandbox) });
await stack.ready();
const orders = await serve(
  createServer(async (request, response) => {
    const order = Order.parse(await json(request));
    const answer = 'user' in order ? stack.addUser(order.user) : await stack.invoke(order.invoke, order.event);
    response.end(JSON.stringify(answer ?? {}));
  }),
);
process.once('disconnect', async () => {
  await Promise.all([orders.close(), stack.close()]);
  await sandbox.close();
});
const { url, webhookUrl, dynamodbEndpoint, cognitoEndpoint, tokenUrl, machineClients, logFiles, outputs } = stack;
process.send?.({
  ...{ url, webhookUrl, dynamodbEndpoint, cognitoEndpoint, tokenUrl, logFiles, outputs, dataDir },
  machineClients: machineClients.map(({ name, id, secret }) => ({ name, id, secret })),
  sandboxUrl: sandbox.url,
  apiKey: sandbox.credentials.apiKey,
  ordersUrl: orders.url,
});

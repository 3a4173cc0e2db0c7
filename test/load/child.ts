import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { routes } from '../../functions/routes.ts';
import { startLocal } from '../../lib/local/main.ts';
import { type Memory, Order, type Ready } from './messages.ts';

/** The local stack alone in its process, until the one that it was forked from goes away. */

const { users, ...options } = Order.parse(JSON.parse(process.argv[2] ?? ''));
setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

const stack = await startLocal({ ...options, webhookPath: routes.anycheckWebhook.path });
for (const user of users) stack.addUser(user);
await stack.ready();

const say = (what: Ready | Memory) => process.send?.(what);
process.on('message', () => {
  if (typeof collectGarbage === 'function') collectGarbage();
  const { rss: resident, heapUsed: heap } = process.memoryUsage();
  say({ resident, heap });
});
process.on('disconnect', () => void stack.close().finally(() => process.exit(0)));
say({ url: stack.url, dynamodbEndpoint: stack.dynamodbEndpoint, tableName: stack.outputs.TableName ?? '' });

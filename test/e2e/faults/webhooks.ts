import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Bench, content } from './bench.ts';
import { samePages } from './pages.ts';

const REFRESHED = 'The change is served within seconds.';
const NO_REFRESH = 'no refresh';
/** ms from the last change until it is to be served, on a busy machine too: far less than the hour of a settled group. */
const IN_TIME_MS = 15_000;
const LEAD_MS = 3_000;
/** ms after which a refresh that a delivery requested would have begun. */
const SETTLED_MS = 2_000;

type Body = string | Uint8Array<ArrayBuffer>;
interface Delivery {
  readonly name: string;
  readonly answer: string;
  readonly effect: string;
  readonly body?: (text: string) => Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** Deliveries with a change before each, ms apart. */
  readonly times?: number;
  readonly interval?: number;
  /** ms from the deliveries to the change. */
  readonly lead?: number;
}

const gzip = { 'content-encoding': 'gzip' };
const bytes = (buffer: Buffer) => new Uint8Array(buffer);
const bomb = (text: string) => bytes(gzipSync(text.replace('{', `{"x":"${' '.repeat(11 * 1024 * 1024)}",`)));

export const DELIVERIES: readonly Delivery[] = [
  { name: 'one, after the change', answer: '202', effect: REFRESHED },
  { name: 'one, 3 s before the list shows the change', answer: '202', effect: REFRESHED, lead: LEAD_MS },
  {
    name: '12, 60 to 460 ms apart, with a change before each',
    answer: '202',
    effect: REFRESHED,
    times: 12,
    interval: 60,
  },
  { name: 'two at once, with a change before each', answer: '202', effect: REFRESHED, times: 2, interval: 0 },
  { name: 'with a byte order mark', answer: '202', effect: REFRESHED, body: (text) => `\ufeff${text}` },
  { name: 'in gzip', answer: '202', effect: REFRESHED, body: (text) => bytes(gzipSync(text)), headers: gzip },
  {
    name: 'in br',
    answer: '415 `INVALID_REQUEST`',
    effect: NO_REFRESH,
    body: (text) => bytes(brotliCompressSync(text)),
    headers: { 'content-encoding': 'br' },
  },
  {
    name: 'in gzip, over 10 MB without it',
    answer: '400 `INVALID_REQUEST`',
    effect: NO_REFRESH,
    body: bomb,
    headers: gzip,
  },
  { name: 'that is not JSON', answer: '400 `INVALID_REQUEST`', effect: NO_REFRESH, body: () => '<html></html>' },
];

/** The attributes of a schedule row that a refresh request or a refresh changes. */
const CHANGED_BY_REFRESH = ['asked', 'last_attempt'] as const;

export type Delivered = Pick<Delivery, 'name' | 'answer' | 'effect'>;

export const deliveries = (bench: Bench): Promise<Delivered[]> =>
  Promise.all(DELIVERIES.map((delivery) => deliver(bench, delivery)));

async function deliver(bench: Bench, delivery: Delivery): Promise<Delivered> {
  const { name, body = (text) => text, headers, times = 1, interval = 0, lead = 0 } = delivery;
  const id = randomUUID();
  await bench.set(id, content(1, 'FAILED'));
  await bench.read(id);
  const before = await bench.row(id);
  const latest = content(times + 1, 'COMPLETED');
  const answers: Promise<Response>[] = [];
  for (let n = 1; n <= times; n++) {
    if (lead === 0) await bench.set(id, content(n + 1, 'COMPLETED'));
    const sent = body(JSON.stringify({ result_id: id }));
    answers.push(sentUntilTaken(() => bench.running.deliver(sent, headers), name));
    await sleep(interval + ((n * 37 * Math.min(interval, 1)) % 400));
  }
  await sleep(lead);
  if (lead > 0) await bench.set(id, latest);
  const words = await Promise.all((await Promise.all(answers)).map(wordsOf));
  const isExpected = delivery.effect === REFRESHED;
  const until = Date.now() + (isExpected ? IN_TIME_MS : SETTLED_MS);
  let isServed = false;
  while (!isServed && Date.now() < until) {
    await sleep(300);
    isServed = samePages((await bench.read(id)).pages ?? [], latest.pages);
  }
  const after = await bench.row(id);
  // Its announcement may have changed the row meanwhile.
  const isUntouched = CHANGED_BY_REFRESH.every((name) => after?.[name] === before?.[name]);
  return {
    name,
    answer: [...new Set(words)].join(', '),
    effect: isServed ? REFRESHED : isUntouched ? NO_REFRESH : 'The change is not served in time.',
  };
}

/** Sends a delivery once more that failed here, as AnyCheck would: on a busy machine, the table or the queue can be late. */
async function sentUntilTaken(send: () => Promise<Response>, name: string): Promise<Response> {
  const response = await send();
  if (response.status < 500) return response;
  console.log(`the webhook “${name}” was answered ${response.status}, and sent again`);
  return send();
}

async function wordsOf(response: Response): Promise<string> {
  const code = /"error_code":"(\w+)"/.exec(await response.text())?.[1];
  return code === undefined ? `${response.status}` : `${response.status} \`${code}\``;
}

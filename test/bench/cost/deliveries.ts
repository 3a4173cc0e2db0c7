import { type DeliveryUnits, plus, type Taken } from '../webhooks/units.ts';
import { type Bill, DYNAMODB, LINES, lambda, logged, MONTH, OWN } from './bill.ts';
import { VIRGINIA } from './prices.ts';

/** GB of the functions that dispatch and deliver. */
const MEMORY = 0.5;
/** ms that a receiver takes to answer. */
export const RECEIVER_MS = 100;
/** Bytes of the line of a dispatch or a delivery. */
const LINE = 400;
/** A message is sent, received and deleted. */
const OF_A_MESSAGE = 3;
/** Upkeeps of an endpoint a day. */
const UPKEEPS = 24 * 6;

const database = ({ writeUnits, readUnits }: Taken) =>
  writeUnits * VIRGINIA('writeUnit') + readUnits * VIRGINIA('readUnit');
const invocation = ({ requests }: Taken, ms: number) => lambda(OWN + ms + requests * DYNAMODB, MEMORY);

/**
 * Dollars of a delivery that succeeds at its first attempt. The event has an invocation of dispatch and a message of its
 * own, which its endpoints share.
 * @param dispatched what dispatch takes for one endpoint.
 */
export function delivered({ dispatch: dispatched, success }: DeliveryUnits, endpoints: number): Bill {
  // One write for each endpoint; the reads are the event’s, and its messages are sent at once.
  const shared = { writeUnits: 0, readUnits: dispatched.readUnits, requests: dispatched.requests };
  const own = plus(success, { writeUnits: dispatched.writeUnits, readUnits: 0, requests: 0 });
  const messages = OF_A_MESSAGE / endpoints + (1 / endpoints + OF_A_MESSAGE - 1);
  return {
    DynamoDB: database(own) + database(shared) / endpoints,
    Lambda: invocation(success, RECEIVER_MS) + invocation(shared, DYNAMODB) / endpoints,
    SQS: messages * VIRGINIA('standardQueue'),
    Logs: logged(LINES.invocation + LINE) * (1 + 1 / endpoints),
  };
}

/** Dollars of a further attempt, or of parking a delivery and releasing it. @param ms that the receiver takes. */
export const further = (taken: Taken, ms: number): Bill => ({
  DynamoDB: database(taken),
  Lambda: invocation(taken, ms),
  SQS: OF_A_MESSAGE * VIRGINIA('standardQueue'),
  Logs: logged(LINES.invocation + LINE),
});

/** Dollars of an endpoint and month without any event. */
export function endpointMonth({ upkeep }: DeliveryUnits): Bill {
  const each = further(upkeep, 0);
  return Object.fromEntries(Object.entries(each).map(([name, dollars]) => [name, MONTH * UPKEEPS * dollars]));
}

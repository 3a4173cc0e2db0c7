import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Cost {
  requests: number;
  units: number;
  /** Of those, what the indexes took, by name. */
  indexes: Record<string, number>;
}
export interface Meter {
  readonly reads: Cost;
  readonly writes: Cost;
}

const READS = /^(GetItem|BatchGetItem|Query|Scan)Command$/;
const none = (): Cost => ({ requests: 0, units: 0, indexes: {} });

/** Has a client say what its calls cost, as the engine counts it. @returns a function that begins to count anew. */
export function metered(client: DynamoDBDocumentClient): () => Meter {
  let meter: Meter = { reads: none(), writes: none() };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
      const result = await next(args);
      const cost = READS.test(context.commandName ?? '') ? meter.reads : meter.writes;
      cost.requests++;
      for (const one of consumedBy(result.output)) {
        cost.units += one.CapacityUnits ?? 0;
        for (const [name, { CapacityUnits = 0 }] of Object.entries(one.GlobalSecondaryIndexes ?? {})) {
          cost.indexes[name] = (cost.indexes[name] ?? 0) + CapacityUnits;
        }
      }
      return result;
    },
    { step: 'initialize', name: 'metered' },
  );
  return () => {
    meter = { reads: none(), writes: none() };
    return meter;
  };
}

function consumedBy(output: object): ConsumedCapacity[] {
  const consumed: unknown = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined;
  const isCapacity = (one: unknown): one is ConsumedCapacity => typeof one === 'object' && one !== null;
  return [consumed].flat().filter(isCapacity);
}

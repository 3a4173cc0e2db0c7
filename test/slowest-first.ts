import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, the slowest first: a slow file that begins last would end alone. Of end-to-end tests, those that
 * wait come before those that compute, because the first one measures how late the service answers.
 */
const SLOW = [
  ...[
    'refresh/bursts',
    'webhooks/deaths',
    'webhooks/races',
    'refresh/races',
    'lib/synthesis',
    'lib/local/npm-start',
    'dynamodb/group-index',
  ],
  ...['webhooks/deliver', 'deliver/hostile-urls', 'docs/paste', 'bin/restore', 'domain/values', 'refresh/refresh'],
  ...['faults/faults', 'bulk/bulk', 'anycheck-webhook/bursts', 'reads/freshness', 'operations/correlation'],
  ...[
    'operations/alarms',
    'leaks/leaks',
    'reads/load',
    'reads/lists',
    'reads/manners',
    'fuzz/fuzz',
    'access/audit',
    'anycheck-webhook/faults',
    // Measures how fast a read is answered: after the stacks of faults/faults have ended.
    'reads/anycheck-fails',
  ],
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = SLOW.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? SLOW.length : at;
};

/** Runs the slow files first, and the others as Vitest would. */
export default class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

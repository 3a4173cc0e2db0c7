import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, the slowest first: begun last, each would end alone. Of end-to-end tests, those that wait come
 * before those that compute: the first of all tells how late the service may answer.
 */
const SLOW = [
  ...['refresh/races', 'lib/synthesis', 'lib/local/npm-start', 'dynamodb/group-index'],
  ...['faults/faults', 'reads/freshness', 'operations/correlation', 'reads/anycheck-fails'],
  ...['operations/alarms', 'leaks/leaks', 'reads/load', 'fuzz/fuzz', 'access/audit', 'webhook/faults'],
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

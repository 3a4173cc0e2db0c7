import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the slowest first: begun last, each would end alone. */
const SLOW = ['kill/kill', 'faults', 'leaks', 'alarms', 'load', 'refresh/races'];

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

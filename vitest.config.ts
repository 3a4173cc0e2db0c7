import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { seedOf, sizeOf } from './test/size.ts';
import SlowestFirst from './test/slowest-first.ts';
import Totals from './test/totals.ts';

export default defineConfig(({ mode }) => {
  const size = sizeOf(mode, process.env);
  const seed = seedOf(process.env);
  // Files of one worker share what they import: loading the CDK and the AWS SDK takes longer than most files.
  const project = { testTimeout: 30_000, hookTimeout: 60_000, isolate: false, provide: { size, seed } };
  return {
    test: {
      reporters: ['default', new Totals(`${size.name} size, TEST_SEED=${seed}`)],
      globalSetup: ['test/temporary.ts'],
      sequence: { sequencer: SlowestFirst },
      projects: [
        {
          // Pure: no engine, no bundle, no network, no process.
          test: {
            ...project,
            name: 'unit',
            include: ['test/unit/**/*.test.ts'],
            setupFiles: ['test/unit/pure.ts'],
            maxWorkers: availableParallelism(),
            sequence: { groupOrder: 0 },
          },
        },
        {
          test: {
            ...project,
            name: 'engine',
            include: ['test/engine/**/*.test.ts'],
            maxWorkers: availableParallelism(),
            sequence: { groupOrder: 1 },
          },
        },
        {
          // After the engines, which compute: here, most tests wait, and some say for how long at most.
          test: {
            ...project,
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            globalSetup: ['test/e2e/stack/setup.ts'],
            maxWorkers: availableParallelism() + 1,
            sequence: { groupOrder: 2 },
          },
        },
      ],
    },
  };
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { seedOf, sizeOf } from './test/size.ts';
import SlowestFirst from './test/slowest-first.ts';
import Totals from './test/totals.ts';

export default defineConfig(({ mode }) => {
  const size = sizeOf(mode, process.env);
  const seed = seedOf(process.env);
  const common = { testTimeout: 30_000, hookTimeout: 60_000, provide: { size, seed } };
  return {
    test: {
      reporters: ['default', new Totals(`${size.name} size, TEST_SEED=${seed}`)],
      sequence: { sequencer: SlowestFirst },
      // Most tests wait more than they compute.
      maxWorkers: availableParallelism() + 1,
      projects: [
        {
          // Pure: no engine, no bundle, no network, no process.
          test: {
            ...common,
            name: 'unit',
            include: ['test/unit/**/*.test.ts'],
            setupFiles: ['test/unit/pure.ts'],
          },
        },
        { test: { ...common, name: 'engine', include: ['test/engine/**/*.test.ts'] } },
        {
          test: {
            ...common,
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            globalSetup: ['test/e2e/stack/setup.ts'],
          },
        },
      ],
    },
  };
});

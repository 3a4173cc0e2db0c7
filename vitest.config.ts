import { defineConfig } from 'vitest/config';

const common = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ['default', './test/totals.ts'],
    projects: [
      // Pure: no engine, no bundle, no network, no process.
      { test: { ...common, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { ...common, name: 'engine', include: ['test/engine/**/*.test.ts'] } },
      {
        test: { ...common, name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/e2e/synthesized.ts'] },
      },
    ],
  },
});

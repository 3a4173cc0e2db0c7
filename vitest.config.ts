import { defineConfig } from 'vitest/config';

const common = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ['default', './test/totals.ts'],
    projects: [
      { test: { ...common, name: 'parts', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        test: { ...common, name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/e2e/synthesized.ts'] },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

// Workspace packages are resolved from source, so that tests of libraries need no build. Aliases, because the global set-up knows no
// conditions of ours.
const libs = new URL('./libs/', import.meta.url).pathname;
const fromSource = {
  resolve: {
    alias: [
      { find: /^@sweep\/([^/]+)\/testing$/, replacement: `${libs}$1/testing/index.ts` },
      { find: /^@sweep\/([^/]+)$/, replacement: `${libs}$1/src/index.ts` },
    ],
  },
};
/** One PostgreSQL cluster a run, started when first needed. */
const globalSetup = ['libs/store/testing/global-setup.ts'];
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  ...fromSource,
  test: {
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          pool: 'forks',
          maxWorkers: 2,
          include: ['libs/**/*.test.ts', 'apps/**/*.test.ts', 'sweeps/**/*.test.ts', 'scripts/**/*.test.ts', 'test/bench/**/*.test.ts'],
          exclude,
          globalSetup,
          setupFiles: ['test/support/properties.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Real processes from dist/: build first.
        ...fromSource,
        test: {
          name: 'e2e',
          pool: 'forks',
          maxWorkers: 1,
          include: ['test/e2e/**/*.test.ts'],
          exclude,
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Attacks on real processes from bundle/: build first.
        ...fromSource,
        test: {
          name: 'security',
          pool: 'forks',
          maxWorkers: 1,
          include: ['test/security/**/*.test.ts'],
          exclude,
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // A real Chromium; processes from bundle/: build first.
        ...fromSource,
        test: {
          name: 'browser',
          pool: 'forks',
          maxWorkers: 1,
          include: ['test/browser/**/*.test.ts'],
          exclude,
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Real `wandb` packages, fetched once.
        ...fromSource,
        test: {
          name: 'wandb',
          pool: 'forks',
          maxWorkers: 1,
          include: ['test/wandb/**/*.test.ts'],
          exclude,
          globalSetup,
          testTimeout: 480_000,
          hookTimeout: 240_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'chaos',
          pool: 'forks',
          maxWorkers: 1,
          include: ['test/chaos/**/*.test.ts'],
          exclude,
          globalSetup,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

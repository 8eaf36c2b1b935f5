// Runs every workspace's tests: the Node ones on one real PostgreSQL, the desk's in its own project, the whole system in a third.
import { defineConfig } from 'vitest/config'

/** What is waited for comes when it comes: the runner's own limit of a second is no promise of ours. */
const patiently = { setupFiles: ['kit/src/testing-patience.ts'], expect: { poll: { timeout: 30_000 } } }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['{protocol,kit,server,relay,cloud,simulator,demo}/src/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['kit/src/testing-setup.ts'],
          ...patiently,
          pool: 'forks',
          // A hanging test is ended; how fast it is, benchmarks say: the box may be several times slower than the one it was written on.
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
      './web/vitest.config.ts',
      {
        test: {
          name: 'e2e',
          include: ['e2e/*.test.ts'],
          ...patiently,
          environment: 'node',
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['e2e/faults/*.test.ts'],
          ...patiently,
          environment: 'node',
          pool: 'forks',
          // What is killed, stopped and filled up is the whole machine's matter.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

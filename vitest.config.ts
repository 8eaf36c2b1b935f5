// Runs every workspace's tests: the Node ones on one real PostgreSQL, the desk's in its own project.
import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const desk = ['web/vitest.config.ts'].filter((file) => existsSync(new URL(file, import.meta.url)))

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['{protocol,kit,server,demo}/src/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['kit/src/testing-setup.ts'],
          pool: 'forks',
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      ...desk.map((file) => `./${file}`),
    ],
  },
})

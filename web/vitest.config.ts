/** The desk's tests: logic in Node; what needs a page says so in its first line. */
import { mergeConfig } from 'vite'
import { defineConfig } from 'vitest/config'
import vite from './vite.config.ts'

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      name: 'web',
      include: ['src/**/*.test.{ts,tsx}'],
      environment: 'node',
      setupFiles: ['src/testing-setup.ts', '../kit/src/testing-patience.ts'],
      expect: { poll: { timeout: 20_000 } },
      testTimeout: 30_000,
      hookTimeout: 90_000,
    },
  }),
)

/** How the desk is built and served in development. */
import { defineConfig } from 'vite'
import { build, plugins } from './vite.shared.ts'

const server = process.env.PATCHBAY_SERVER ?? 'http://localhost:3000'

export default defineConfig({
  plugins: plugins(),
  build: {
    ...build,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // One file of words per language, whatever the number of rooms; administration's own come with it.
            {
              name: 'words-en',
              test: /\/locales\/(?!(?:admin|pass-on|presence|session|why)\/)[^/]+\/en\.po/,
            },
            {
              name: 'words-it',
              test: /\/locales\/(?!(?:admin|pass-on|presence|session|why)\/)[^/]+\/it\.po/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: server, ws: true },
      '/healthz': server,
    },
  },
})

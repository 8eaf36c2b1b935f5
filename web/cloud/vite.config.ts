/** How the pages of the cloud are built and served in development: of the desk's components, and apart from it. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { build, plugins } from '../vite.shared.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const cloud = process.env.PATCHBAY_CLOUD ?? 'http://localhost:3001'

export default defineConfig({
  root: here('.'),
  publicDir: here('../public'),
  plugins: plugins(),
  build: {
    ...build,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few words, so one file per language holds all.
          groups: ['en', 'it'].map((locale) => ({
            name: `words-${locale}`,
            test: new RegExp(`/locales/.*\\b${locale}\\.po`),
          })),
        },
      },
    },
  },
  server: {
    fs: { allow: [here('../..')] },
    proxy: { '/api': cloud, '/connect': cloud },
  },
})

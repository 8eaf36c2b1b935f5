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
          // One file per language for the first page; the rooms that are entered later bring their own.
          groups: ['en', 'it'].map((locale) => ({
            name: `words-${locale}`,
            test: new RegExp(
              `/locales/(?!(?:audit|connect|integration|people|session)/)[^/]+/${locale}\\.po`,
            ),
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

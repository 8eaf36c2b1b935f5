/** How the desk is built and served in development. */
import { fileURLToPath } from 'node:url'
import { getConfig } from '@lingui/conf'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import babel from '@rolldown/plugin-babel'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Tests are started from the root, where this file would not be found by itself.
const words = { configPath: fileURLToPath(new URL('lingui.config.js', import.meta.url)) }
const server = process.env.PATCHBAY_SERVER ?? 'http://localhost:3000'

export default defineConfig({
  plugins: [
    react(),
    babel({ presets: [linguiTransformerBabelPreset({ linguiConfig: getConfig(words) }, words)] }),
    lingui({ ...words, failOnCompileError: true }),
    tailwindcss(),
    // The kit carries its own words in thirty languages; these are the ones we speak, Arabic proving right-to-left.
    optimizeLocales.vite({ locales: ['en-US', 'it-IT', 'ar-AE'] }),
  ],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    // All styles are 13 KB as one file and 15 as six.
    cssCodeSplit: false,
    modulePreload: {
      // Lists of what each page brings along are 9 KB of the first load; a page that is fetched later asks for its parts itself.
      resolveDependencies: (_, parts, { hostType }) => (hostType === 'html' ? parts : []),
    },
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

/** What the desk and the pages of the cloud have in common in how they are built. */
import { fileURLToPath } from 'node:url'
import { getConfig } from '@lingui/conf'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import babel from '@rolldown/plugin-babel'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { PluginOption, UserConfig } from 'vite'

// Tests are started from the root, where this file would not be found by itself.
const words = { configPath: fileURLToPath(new URL('lingui.config.js', import.meta.url)) }

export const plugins = (): PluginOption[] => [
  react(),
  babel({ presets: [linguiTransformerBabelPreset({ linguiConfig: getConfig(words) }, words)] }),
  lingui({ ...words, failOnCompileError: true }),
  tailwindcss(),
  // The kit carries its own words in thirty languages; these are the ones we speak, Arabic proving right-to-left.
  optimizeLocales.vite({ locales: ['en-US', 'it-IT', 'ar-AE'] }),
]

export const build: NonNullable<UserConfig['build']> = {
  target: ['chrome123', 'firefox128', 'safari17.5'],
  reportCompressedSize: false,
  assetsInlineLimit: 0,
  // All styles are 13 KB as one file and 15 as six.
  cssCodeSplit: false,
  modulePreload: {
    // Lists of what each page brings along are 9 KB of the first load; a page that is fetched later asks for its parts itself.
    resolveDependencies: (_, parts, { hostType }) => (hostType === 'html' ? parts : []),
  },
}

/** Where the words of the desk and of the cloud's pages are found and kept: one catalogue per room and language. */
import { readdirSync } from 'node:fs'
import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

const withoutWords = ['gallery', 'locales']
const rooms = readdirSync(new URL('src', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !withoutWords.includes(entry.name))
  .map(({ name }) => name)

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'it'],
  catalogs: rooms.map((room) => ({
    // The cloud's stand apart: the desk takes what lies in the folder of locales.
    path: `<rootDir>/src/${room === 'cloud' ? 'cloud/locales' : `locales/${room}`}/{locale}`,
    include: [`<rootDir>/src/${room}`],
    exclude: ['**/*.test.*'],
  })),
  format: formatter({ lineNumbers: false }),
})

/** Where the words of the desk and of the cloud's pages are found and kept: one catalogue per room and language. */
import { readdirSync } from 'node:fs'
import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

/** Folders of the cloud's pages that are entered later than the first of them, or by few. */
const cloudLater = ['audit', 'connect', 'integration', 'people']

const withoutWords = ['gallery', 'locales']
const rooms = readdirSync(new URL('src', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !withoutWords.includes(entry.name))
  .map(({ name }) => name)

const catalogue = (path, folders, without = []) => ({
  path: `<rootDir>/src/${path}/{locale}`,
  include: folders.map((folder) => `<rootDir>/src/${folder}`),
  exclude: ['**/*.test.*', ...without.map((folder) => `**/cloud/${folder}/**`)],
})

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'it'],
  catalogs: [
    ...rooms.filter((room) => room !== 'cloud').map((room) => catalogue(`locales/${room}`, [room])),
    // The cloud's stand apart: the desk takes what lies in the folder of locales.
    catalogue('cloud/locales/home', ['cloud'], cloudLater),
    ...cloudLater.map((room) => catalogue(`cloud/locales/${room}`, [`cloud/${room}`])),
  ],
  format: formatter({ lineNumbers: false }),
})

/** Where the desk's words are found and kept: one catalogue per room and language. */
import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'it'],
  catalogs: [
    {
      path: '<rootDir>/src/locales/{name}/{locale}',
      include: ['<rootDir>/src/{name}'],
      exclude: ['**/gallery/**', '**/*.test.*'],
    },
  ],
  format: formatter({ lineNumbers: false }),
})

/** The language of the cloud's pages: chosen, else the browser's. Whoever comes back to see what is connected needs few of the words. */
import type { Messages } from '@lingui/core'
import { createWords } from '../shell/catalogues.ts'

export const { enter, activate, startWords, setLocale } = createWords(
  import.meta.glob<{ messages: Messages }>(['./locales/*/*.po', '../locales/{api,session,shell,ui}/*.po']),
  new Set(['audit', 'connect', 'integration', 'people', 'session']),
)

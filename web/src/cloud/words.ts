/** The language of the cloud's pages: chosen, else the browser's. All words of it are one file. */
import { i18n, type Messages } from '@lingui/core'
import { type Locale, localeFor, preferences, setPreferences } from '../shell/preferences.ts'

const catalogues = import.meta.glob<{ messages: Messages }>([
  './locales/*.po',
  '../locales/{api,session,shell,ui}/*.po',
])

export async function activate(locale: Locale) {
  const wanted = Object.keys(catalogues).filter((path) => path.endsWith(`/${locale}.po`))
  const loaded = await Promise.all(wanted.map((path) => catalogues[path]?.()))
  for (const one of loaded) if (one) i18n.load(locale, one.messages)
  i18n.activate(locale)
  document.documentElement.lang = locale
}

export function startWords() {
  return activate(preferences().locale ?? localeFor(navigator.languages))
}

export async function setLocale(locale: Locale) {
  await activate(locale)
  setPreferences({ locale })
}

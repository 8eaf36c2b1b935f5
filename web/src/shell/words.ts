/** The language of the desk: chosen, else the browser's; only its own words are fetched. */
import { i18n, type Messages } from '@lingui/core'
import { type Locale, locales, preferences, setPreferences } from './preferences.ts'

const catalogues = import.meta.glob<{ messages: Messages }>('../locales/*/*.po')

/** The first language of the browser that we speak, else English. */
export function localeFor(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const match = locales.find((locale) => tag.toLowerCase().split('-')[0] === locale)
    if (match) return match
  }
  return 'en'
}

export async function activate(locale: Locale) {
  const wanted = Object.entries(catalogues).filter(([path]) => path.endsWith(`/${locale}.po`))
  const loaded = await Promise.all(wanted.map(([, load]) => load()))
  i18n.loadAndActivate({ locale, messages: Object.assign({}, ...loaded.map(({ messages }) => messages)) })
  document.documentElement.lang = locale
}

export function startWords() {
  return activate(preferences().locale ?? localeFor(navigator.languages))
}

export async function setLocale(locale: Locale) {
  await activate(locale)
  setPreferences({ locale })
}

/** The language of the desk: chosen, else the browser's; only its own words are fetched. */
import { i18n, type Messages } from '@lingui/core'
import { type Locale, locales, preferences, setPreferences } from './preferences.ts'

const catalogues = import.meta.glob<{ messages: Messages }>('../locales/*/*.po')

/** Rooms that few enter: their words are fetched at the door. */
const later: ReadonlySet<string> = new Set(['admin'])
const entered = new Set<string>()

/** For a route of such a room to wait for. */
export async function enter(room: string) {
  if (entered.has(room)) return
  const { locale } = i18n
  const loaded = await catalogues[`../locales/${room}/${locale}.po`]?.()
  if (loaded) i18n.load(locale, loaded.messages)
  entered.add(room)
}

/** The first language of the browser that we speak, else English. */
export function localeFor(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const match = locales.find((locale) => tag.toLowerCase().split('-')[0] === locale)
    if (match) return match
  }
  return 'en'
}

export async function activate(locale: Locale) {
  const wanted = Object.entries(catalogues).filter(([path]) => {
    const [, room = ''] = /([^/]+)\/[^/]+$/.exec(path) ?? []
    return path.endsWith(`/${locale}.po`) && (!later.has(room) || entered.has(room))
  })
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

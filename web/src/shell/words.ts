/** The language of the desk: chosen, else the browser's; only its own words are fetched. */
import { i18n, type Messages } from '@lingui/core'
import { type Locale, locales, preferences, setPreferences } from './preferences.ts'

const catalogues = import.meta.glob<{ messages: Messages }>('../locales/*/*.po')

/** Rooms that few enter: their words are fetched at the door. */
const later: ReadonlySet<string> = new Set(['admin', 'why'])
const entered = new Set<string>()

/** For a route of such a room to wait for. Before there is a language, whoever brings it brings these words too. */
export async function enter(room: string) {
  if (entered.has(room)) return
  entered.add(room)
  if (i18n.locale) await bring(i18n.locale, room)
}

async function bring(locale: string, room: string) {
  const loaded = await catalogues[`../locales/${room}/${locale}.po`]?.()
  if (loaded) i18n.load(locale, loaded.messages)
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
  const rooms = Object.keys(catalogues)
    .filter((path) => path.endsWith(`/${locale}.po`))
    .map((path) => path.split('/').at(-2) ?? '')
    .filter((room) => !later.has(room) || entered.has(room))
  await Promise.all(rooms.map((room) => bring(locale, room)))
  i18n.activate(locale)
  // What was entered meanwhile.
  await Promise.all([...entered].filter((room) => !rooms.includes(room)).map((room) => bring(locale, room)))
  document.documentElement.lang = locale
}

export function startWords() {
  return activate(preferences().locale ?? localeFor(navigator.languages))
}

export async function setLocale(locale: Locale) {
  await activate(locale)
  setPreferences({ locale })
}

/** The language of the desk: chosen, else the browser's; only its own words are fetched. */
import { i18n, type Messages } from '@lingui/core'
import { type ComponentType, lazy } from 'react'
import { type Locale, localeFor, preferences, setPreferences } from './preferences.ts'

const catalogues = import.meta.glob<{ messages: Messages }>('../locales/*/*.po')

/** Rooms that few enter: their words are fetched at the door. */
const later: ReadonlySet<string> = new Set(['admin', 'pass-on', 'presence', 'session', 'why'])
const entered = new Map<string, Promise<void>>()

/** For a route of such a room to wait for. Before there is a language, whoever brings it brings these words too. */
export function enter(room: string): Promise<void> {
  const known = entered.get(room)
  if (known) return known
  const arrival = i18n.locale ? bring(i18n.locale, room) : Promise.resolve()
  entered.set(room, arrival)
  return arrival
}

async function bring(locale: string, room: string) {
  const loaded = await catalogues[`../locales/${room}/${locale}.po`]?.()
  if (loaded) i18n.load(locale, loaded.messages)
}

/** Something of such a room that is shown elsewhere. */
export const lazyWith = <P extends object>(
  room: string,
  load: () => Promise<{ default: ComponentType<P> }>,
) =>
  lazy(async () => {
    await enter(room)
    return load()
  })

export async function activate(locale: Locale) {
  const rooms = Object.keys(catalogues)
    .filter((path) => path.endsWith(`/${locale}.po`))
    .map((path) => path.split('/').at(-2) ?? '')
    .filter((room) => !later.has(room) || entered.has(room))
  await Promise.all(rooms.map((room) => bring(locale, room)))
  i18n.activate(locale)
  // What was entered meanwhile.
  await Promise.all(
    [...entered.keys()].filter((room) => !rooms.includes(room)).map((room) => bring(locale, room)),
  )
  document.documentElement.lang = locale
}

export function startWords() {
  return activate(preferences().locale ?? localeFor(navigator.languages))
}

export async function setLocale(locale: Locale) {
  await activate(locale)
  setPreferences({ locale })
}

/** The words of an app by language and room: most at the start, those of rooms that are entered later at their door. */
import { i18n, type Messages } from '@lingui/core'
import { type Locale, localeFor, preferences, setPreferences } from './preferences.ts'

/** `catalogues` by paths that end in `<room>/<locale>.po`. */
export function createWords(
  catalogues: Readonly<Record<string, () => Promise<{ messages: Messages }>>>,
  later: ReadonlySet<string>,
) {
  const entered = new Map<string, Promise<void>>()

  /** For a route of such a room to wait for. Before there is a language, whoever brings it brings these words too. */
  function enter(room: string): Promise<void> {
    const known = entered.get(room)
    if (known) return known
    const arrival = i18n.locale ? bring(i18n.locale, room) : Promise.resolve()
    entered.set(room, arrival)
    // Fetched in vain: whoever comes next asks again.
    arrival.catch(() => entered.delete(room))
    return arrival
  }

  async function bring(locale: string, room: string) {
    const path = Object.keys(catalogues).find((one) => one.endsWith(`/${room}/${locale}.po`))
    const loaded = await (path && catalogues[path]?.())
    if (loaded) i18n.load(locale, loaded.messages)
  }

  async function activate(locale: Locale) {
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

  const startWords = () => activate(preferences().locale ?? localeFor(navigator.languages))

  async function setLocale(locale: Locale) {
    await activate(locale)
    setPreferences({ locale })
  }

  return { enter, activate, startWords, setLocale }
}

/** What a person likes, kept in this browser: theme, density, language, keys. */
import { useSyncExternalStore } from 'react'

export type Locale = 'en' | 'it'
export const locales: readonly Locale[] = ['en', 'it']

export interface Preferences {
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  /** null: as the browser asks. */
  locale: Locale | null
  /** Shortcuts of a single letter can be switched off (WCAG 2.1.4). */
  singleKeys: boolean
  /** Own keys by the shortcut's id. */
  keys: Readonly<Record<string, string>>
  /** Whether an offer rings, and how loud, 0 to 1. */
  sound: boolean
  /** Whether a new message in the open interaction is heard. */
  messageSound: boolean
  volume: number
  sendWith: 'enter' | 'mod+enter'
}

const standard: Preferences = {
  theme: 'system',
  density: 'comfortable',
  locale: null,
  singleKeys: true,
  keys: {},
  sound: true,
  messageSound: true,
  volume: 0.7,
  sendWith: 'enter',
}
/** Read by public/theme.js before the first paint. */
const storageKey = 'patchbay.preferences'

/** The first language of the browser that we speak, else English. */
export function localeFor(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const match = locales.find((locale) => tag.toLowerCase().split('-')[0] === locale)
    if (match) return match
  }
  return 'en'
}

/** Whatever was stored by whatever version becomes usable preferences. */
export function readPreferences(stored: unknown): Preferences {
  const known =
    typeof stored === 'object' && stored !== null
      ? (stored as Partial<Record<keyof Preferences, unknown>>)
      : {}
  const { theme, density, locale, singleKeys, keys, sound, messageSound, volume, sendWith } = known
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : standard.theme,
    density: density === 'compact' ? density : standard.density,
    locale: locale === 'en' || locale === 'it' ? locale : null,
    singleKeys: singleKeys !== false,
    sound: sound !== false,
    messageSound: messageSound !== false,
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : standard.volume,
    sendWith: sendWith === 'mod+enter' ? sendWith : standard.sendWith,
    keys:
      typeof keys === 'object' && keys !== null
        ? Object.fromEntries(
            Object.entries(keys).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
          )
        : {},
  }
}

function load(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    return standard
  }
}

let current = load()
const listeners = new Set<() => void>()

export function preferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>) {
  current = { ...current, ...change }
  try {
    localStorage.setItem(storageKey, JSON.stringify(current))
  } catch {
    // Storage can be forbidden; the choice then lasts until the page is left.
  }
  applyPreferences()
  for (const listener of listeners) listener()
}

/** Puts theme and density on the page. */
export function applyPreferences() {
  const { dataset } = document.documentElement
  if (current.theme === 'system') delete dataset.theme
  else dataset.theme = current.theme
  if (current.density === 'compact') dataset.density = 'compact'
  else delete dataset.density
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences)
}

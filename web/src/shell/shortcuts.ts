/** Keyboard shortcuts: what was pressed, in words; which shortcut that is; who listens. */
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { preferences } from './preferences.ts'
import { type ShortcutId, shortcutTable } from './shortcut-table.ts'

/** How long the second key of `g i` may take. */
const sequenceMs = 1000

interface Pressed {
  key: string
  code: string
  metaKey: boolean
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/**
 * An event as it is written in the table: `mod+shift+enter`, `alt+a`, `?`, `j`. `mod` is ⌘ or Ctrl. With Alt the physical key
 * counts, because ⌥A types å on a Mac; Shift is named only where the character does not already show it.
 */
export function keysOf({ key, code, metaKey, ctrlKey, altKey, shiftKey }: Pressed): string {
  const letter = altKey ? /^(?:Key|Digit)(.)$/.exec(code)?.[1] : undefined
  const name = (letter ?? (key === ' ' ? 'space' : key)).toLowerCase()
  const parts = [
    metaKey || ctrlKey ? 'mod' : '',
    altKey ? 'alt' : '',
    shiftKey && (name.length > 1 || metaKey || ctrlKey || altKey) ? 'shift' : '',
    name,
  ]
  return parts.filter(Boolean).join('+')
}

/** A shortcut without Ctrl, ⌘ or Alt, which speech input and cats can press by mistake. */
export function isSingleKey(keys: string) {
  return !/(?:^| )(?:mod|alt)\+/.test(keys)
}

/** Where letters are text: single keys are silent there. */
export function isTyping(target: EventTarget | null) {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  )
}

/** What a shortcut is bound to now: the person's own keys, else the table's. */
export function keysFor(id: ShortcutId) {
  return preferences().keys[id] ?? shortcutTable[id].keys
}

export interface Match<Id extends string> {
  /** The shortcut that was completed. */
  id?: Id
  /** What may still become a sequence. */
  pending: string
}

/** Finds the shortcut that `pressed` completes after `pending`; an exact one wins over the start of a longer one. */
export function match<Id extends string>(
  pending: string,
  pressed: string,
  bound: readonly (readonly [Id, string])[],
): Match<Id> {
  const attempts = pending ? [`${pending} ${pressed}`, pressed] : [pressed]
  for (const keys of attempts) {
    const hit = bound.findLast(([, wanted]) => wanted === keys)
    if (hit) return { id: hit[0], pending: '' }
    if (bound.some(([, wanted]) => wanted.startsWith(`${keys} `))) return { pending: keys }
  }
  return { pending: '' }
}

type Run = (event: KeyboardEvent) => void
interface Binding {
  id: ShortcutId
  run: Run
}

let bindings: readonly Binding[] = []
const listeners = new Set<() => void>()
let pending = { keys: '', at: 0 }

function setBindings(next: readonly Binding[]) {
  bindings = next
  for (const listener of listeners) listener()
}

function onKeyDown(event: KeyboardEvent) {
  if (
    event.defaultPrevented ||
    event.isComposing ||
    event.key === 'Dead' ||
    ['Shift', 'Alt', 'Control', 'Meta'].includes(event.key)
  )
    return
  const pressed = keysOf(event)
  const isQuiet =
    isTyping(event.target) ||
    !preferences().singleKeys ||
    document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox][data-popover]') !==
      null
  const bound = bindings
    .map(({ id }) => [id, keysFor(id)] as const)
    .filter(([, keys]) => !(isQuiet && isSingleKey(keys)))
  const found = match(event.timeStamp - pending.at < sequenceMs ? pending.keys : '', pressed, bound)
  pending = { keys: found.pending, at: event.timeStamp }
  if (!found.id) return
  event.preventDefault()
  bindings.findLast(({ id }) => id === found.id)?.run(event)
}

/** Starts listening; the answer stops it. */
export function listenToKeys() {
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}

/** Binds a shortcut while the component is shown. The last one bound wins. */
export function useShortcut(id: ShortcutId, run: Run, isEnabled = true) {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    if (!isEnabled) return
    const binding: Binding = { id, run: (event) => latest.current(event) }
    setBindings([...bindings, binding])
    return () => setBindings(bindings.filter((one) => one !== binding))
  }, [id, isEnabled])
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The shortcuts that do something on this page, in the order of the table. */
export function useBoundShortcuts(): ShortcutId[] {
  const bound = new Set(useSyncExternalStore(subscribe, () => bindings).map(({ id }) => id))
  return (Object.keys(shortcutTable) as ShortcutId[]).filter((id) => bound.has(id))
}

/** A key or a combination, drawn as the viewer's keyboard names it. */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

const macNames: Record<string, string> = { mod: '⌘', alt: '⌥', shift: '⇧', ctrl: '⌃' }
const otherNames: Record<string, string> = { mod: 'Ctrl', alt: 'Alt', shift: 'Shift', ctrl: 'Ctrl' }
const keyNames: Record<string, string> = {
  enter: '⏎',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  space: 'Space',
}

/** `mod+enter` as `⌘⏎` or `Ctrl+⏎`; `g i` as `G I`. */
export function keysInWords(keys: string, mac = isMac) {
  return keys
    .split(' ')
    .map((step) =>
      step
        .split('+')
        .map((key) => (mac ? macNames : otherNames)[key] ?? keyNames[key] ?? key.toUpperCase())
        .join(mac ? '' : '+'),
    )
    .join(' ')
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="kbd" aria-hidden>
      {keysInWords(keys)}
    </kbd>
  )
}

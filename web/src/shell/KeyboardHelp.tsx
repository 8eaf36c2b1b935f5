/** All shortcuts of this page; any can get other keys, and single letters can be switched off. */
import { Trans, useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { Switch } from '../ui/Choice.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { keysInWords } from '../ui/Kbd.tsx'
import { setPreferences, usePreferences } from './preferences.ts'
import { groupNames, type Shortcut, type ShortcutId, shortcutTable } from './shortcut-table.ts'
import { isSingleKey, keysOf, useBoundShortcuts } from './shortcuts.ts'

export default function KeyboardHelp({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const { i18n, t } = useLingui()
  const { singleKeys, keys } = usePreferences()
  const bound = useBoundShortcuts()
  const groups = Object.keys(groupNames) as Shortcut['group'][]
  const hasOwn = Object.keys(keys).length > 0
  return (
    <Dialog
      title={t`Keyboard shortcuts`}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      {...(hasOwn
        ? {
            footer: (
              <Button onPress={() => setPreferences({ keys: {} })}>
                <Trans>Back to the standard keys</Trans>
              </Button>
            ),
          }
        : {})}
    >
      <div className="flex flex-col gap-4">
        <Switch
          isSelected={singleKeys}
          onChange={(is) => setPreferences({ singleKeys: is })}
          description={t`Off: only shortcuts with Ctrl, Alt or ⌘ work.`}
        >
          <Trans>Shortcuts of a single key</Trans>
        </Switch>
        {groups
          .map((group) => ({ group, ids: bound.filter((id) => shortcutTable[id].group === group) }))
          .filter(({ ids }) => ids.length > 0)
          .map(({ group, ids }) => (
            <section key={group} className="flex flex-col gap-1">
              <h3 className="text-small font-medium text-text-3">{i18n._(groupNames[group])}</h3>
              {ids.map((id) => (
                <Line key={id} id={id} />
              ))}
            </section>
          ))}
      </div>
    </Dialog>
  )
}

function Line({ id }: { id: ShortcutId }) {
  const { i18n, t } = useLingui()
  const { keys, singleKeys } = usePreferences()
  const [isAsking, setAsking] = useState(false)
  const mine = keys[id] ?? shortcutTable[id].keys
  const isOff = !singleKeys && isSingleKey(mine)
  const label = i18n._(shortcutTable[id].label)
  const onKey = (event: KeyboardEvent) => {
    if (!isAsking || ['Shift', 'Alt', 'Control', 'Meta', 'Tab'].includes(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    setAsking(false)
    if (event.key !== 'Escape') setPreferences({ keys: { ...keys, [id]: keysOf(event.nativeEvent) } })
  }
  return (
    <div className="flex min-h-8 items-center gap-3" onKeyDownCapture={onKey}>
      <span className={`flex-1 ${isOff ? 'text-text-3 line-through' : ''}`}>{label}</span>
      <Button
        size="small"
        onPress={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        aria-label={t`${label}: ${keysInWords(mine)}. Press to change`}
      >
        {isAsking ? t`Press the new keys` : keysInWords(mine)}
      </Button>
    </div>
  )
}

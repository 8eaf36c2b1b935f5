/** The bar at the top: search, slots, presence, help, and the person. */
import { useLingui } from '@lingui/react/macro'
import { CircleHelp, Search } from 'lucide-react'
import { useMayAnswer, useMe } from '../api/queries.ts'
import { IconButton } from '../ui/Button.tsx'
import { Kbd } from '../ui/Kbd.tsx'
import { Slots } from '../ui/Mark.tsx'
import { PresenceMenu } from './PresenceMenu.tsx'
import { keysFor } from './shortcuts.ts'
import { UserMenu } from './UserMenu.tsx'

export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const { t } = useLingui()
  const { presence } = useMe()
  const mayAnswer = useMayAnswer()
  return (
    <header className="top">
      <button type="button" className="search-box" aria-keyshortcuts="Control+K Meta+K" onClick={onSearch}>
        <Search aria-hidden />
        <span className="truncate">{t`Search or run a command`}</span>
        <Kbd keys={keysFor('palette')} />
      </button>
      <span className="max-narrow:hidden mx-2 inline-flex">
        <Slots used={presence.slotsUsed} capacity={presence.capacity} />
      </span>
      {mayAnswer ? <PresenceMenu /> : null}
      <span className="max-narrow:hidden inline-flex">
        <IconButton
          label={t`Keyboard shortcuts`}
          icon={<CircleHelp aria-hidden />}
          keys={keysFor('help')}
          onPress={onHelp}
        />
      </span>
      <UserMenu />
    </header>
  )
}

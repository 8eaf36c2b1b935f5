/** The palette of the desk: interactions and contacts by what is typed, places, commands of the page, settings. */
import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { CircleHelp, MessageSquarePlus, Moon, Rows3, Sun } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../api/queries.ts'
import { Palette, type PaletteItem } from '../ui/Palette.tsx'
import { useAllCommands } from './commands.ts'
import { places } from './places.ts'
import { setPreferences, usePreferences } from './preferences.ts'
import { keysFor } from './shortcuts.ts'
import { useFound } from './useFound.tsx'

export interface CommandPaletteProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  onHelp: () => void
  onBegin: () => void
}

export default function CommandPalette({ isOpen, onOpenChange, onHelp, onBegin }: CommandPaletteProps) {
  const { i18n, t } = useLingui()
  const navigate = useNavigate()
  const me = useMe()
  const { density } = usePreferences()
  const commands = useAllCommands()
  const [typed, setTyped] = useState('')
  const found = useFound(typed)
  const go: PaletteItem[] = places
    .filter((place) => place.isFor(me))
    .map(({ href, label, icon: Icon, shortcut }) => ({
      id: href,
      label: i18n._(label),
      icon: <Icon aria-hidden />,
      keys: keysFor(shortcut),
      run: () => void navigate({ href }),
    }))
  const settings: PaletteItem[] = [
    {
      id: 'light',
      label: t`Light theme`,
      icon: <Sun aria-hidden />,
      run: () => setPreferences({ theme: 'light' }),
    },
    {
      id: 'dark',
      label: t`Dark theme`,
      icon: <Moon aria-hidden />,
      run: () => setPreferences({ theme: 'dark' }),
    },
    {
      id: 'density',
      label: density === 'compact' ? t`Comfortable density` : t`Compact density`,
      icon: <Rows3 aria-hidden />,
      run: () => setPreferences({ density: density === 'compact' ? 'comfortable' : 'compact' }),
    },
    {
      id: 'help',
      label: t`Keyboard shortcuts`,
      icon: <CircleHelp aria-hidden />,
      keys: keysFor('help'),
      run: onHelp,
    },
  ]
  const of = (group: 'page' | 'go' | 'settings') => commands.filter((command) => command.group === group)
  return (
    <Palette
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      onSearch={setTyped}
      groups={[
        ...found,
        {
          title: t`This page`,
          items: [
            ...of('page'),
            {
              id: 'begin',
              label: t`New interaction`,
              icon: <MessageSquarePlus aria-hidden />,
              keys: keysFor('begin'),
              run: onBegin,
            },
          ],
        },
        { title: t`Go to`, items: [...go, ...of('go')] },
        { title: t`Settings`, items: [...settings, ...of('settings')] },
      ]}
    />
  )
}

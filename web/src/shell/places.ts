/** The places of the rail. A place is listed once its route exists. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Me } from '@patchbay/protocol/api/session.ts'
import { Contact, Headset, Inbox, type LucideIcon, Settings } from 'lucide-react'
import type { ShortcutId } from './shortcut-table.ts'

export interface Place {
  href: string
  label: MessageDescriptor
  icon: LucideIcon
  shortcut: ShortcutId
  isFor: (me: Me) => boolean
}

const mayOpen = ({ permissions }: Me) => permissions.includes('openchannel')

export const places: readonly Place[] = [
  { href: '/inbox', label: msg`Inbox`, icon: Inbox, shortcut: 'goInbox', isFor: mayOpen },
  {
    href: '/contacts',
    label: msg`Contacts`,
    icon: Contact,
    shortcut: 'goContacts',
    isFor: ({ permissions }) => permissions.includes('contacts.read'),
  },
  {
    href: '/live/agents',
    label: msg`Agents`,
    icon: Headset,
    shortcut: 'goAgents',
    isFor: (me) => me.permissions.includes('presence.others'),
  },
  {
    href: '/admin',
    label: msg`Admin`,
    icon: Settings,
    shortcut: 'goAdmin',
    // Which places exactly is administration's matter.
    isFor: ({ permissions }) => permissions.some((name) => /manage|deliveries\.read|audit/.test(name)),
  },
]

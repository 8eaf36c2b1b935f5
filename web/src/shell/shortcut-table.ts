/** Every shortcut of the desk, with the keys it has until somebody chooses others. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

export interface Shortcut {
  /** `mod` is ⌘ or Ctrl; steps of a sequence are parted by a space. */
  keys: string
  label: MessageDescriptor
  group: 'everywhere' | 'list' | 'interaction' | 'composer'
}

export const groupNames = {
  everywhere: msg`Everywhere`,
  list: msg`List`,
  interaction: msg`Interaction`,
  composer: msg`Composer`,
} satisfies Record<Shortcut['group'], MessageDescriptor>

export const shortcutTable = {
  palette: { keys: 'mod+k', label: msg`Search or run a command`, group: 'everywhere' },
  help: { keys: '?', label: msg`Show keyboard shortcuts`, group: 'everywhere' },
  goInbox: { keys: 'g i', label: msg`Go to the inbox`, group: 'everywhere' },
  goContacts: { keys: 'g c', label: msg`Go to contacts`, group: 'everywhere' },
  goAgents: { keys: 'g l', label: msg`Go to agents`, group: 'everywhere' },
  goAdmin: { keys: 'g a', label: msg`Go to administration`, group: 'everywhere' },
  begin: { keys: 'c', label: msg`New interaction`, group: 'everywhere' },
  accept: { keys: 'alt+a', label: msg`Accept the offer`, group: 'everywhere' },
  decline: { keys: 'alt+d', label: msg`Decline the offer`, group: 'everywhere' },
  next: { keys: 'j', label: msg`Next in the list`, group: 'list' },
  previous: { keys: 'k', label: msg`Previous in the list`, group: 'list' },
  open: { keys: 'enter', label: msg`Open`, group: 'list' },
  back: { keys: 'escape', label: msg`Back to the list`, group: 'list' },
  search: { keys: '/', label: msg`Search the list`, group: 'list' },
  nextWhileTyping: { keys: 'alt+arrowdown', label: msg`Next interaction`, group: 'interaction' },
  previousWhileTyping: { keys: 'alt+arrowup', label: msg`Previous interaction`, group: 'interaction' },
  reply: { keys: 'r', label: msg`Reply`, group: 'interaction' },
  note: { keys: 'n', label: msg`Write a private note`, group: 'interaction' },
  transfer: { keys: 't', label: msg`Transfer`, group: 'interaction' },
  close: { keys: 'e', label: msg`Close`, group: 'interaction' },
  tag: { keys: 'l', label: msg`Tag`, group: 'interaction' },
  panel: { keys: 'i', label: msg`Show or hide the contact panel`, group: 'interaction' },
  sendAndClose: { keys: 'mod+enter', label: msg`Send and close`, group: 'composer' },
  sendAndNext: { keys: 'mod+shift+enter', label: msg`Send and open the next`, group: 'composer' },
} satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof shortcutTable

/** The words of the delivery log: what an entry is about. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'

const words: Readonly<Record<string, MessageDescriptor>> = {
  message: msg`Message`,
  receipt: msg`Receipt`,
  typing: msg`Typing`,
  event: msg`Event`,
  reply: msg`Reply`,
  bot: msg`Bot`,
  'web-request': msg`Web request`,
  trigger: msg`Trigger`,
}

/** What can be filtered by; the names of subscribed events are as they stand on the wire. */
export const logEvents: readonly string[] = [
  ...Object.keys(words),
  'interaction.opened',
  'interaction.assigned',
  'interaction.transferred',
  'interaction.closed',
  'interaction.reopened',
  'message.received',
  'message.delivered',
  'message.failed',
]

export function useEventWord() {
  const { i18n } = useLingui()
  return (event: string): string => {
    const known = words[event]
    return known ? i18n._(known) : event
  }
}

/** States of presence, and pauses, in words and colours. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'

export type StateName = PresenceState['state']

export const stateNames = {
  available: msg`Available`,
  paused: msg`Paused`,
  'wrap-up': msg`Wrap-up`,
  'not-answering': msg`Not answering`,
  offline: msg`Offline`,
} satisfies Record<StateName, MessageDescriptor>

export const stateTones = {
  available: 'ok',
  paused: 'warn',
  'wrap-up': 'info',
  'not-answering': 'bad',
  offline: 'neutral',
} as const satisfies Record<StateName, string>

/** Pauses that come with the program are stored by key, so that every colleague reads them in his own language. */
const pauses: Record<string, MessageDescriptor> = {
  break: msg`Break`,
  lunch: msg`Lunch`,
  meeting: msg`Meeting`,
  training: msg`Training`,
  administration: msg`Administration`,
}

/** The words of a pause: translated where it is one of ours, as they are otherwise. */
export function usePauseWords(): (reason: string) => string {
  const { i18n } = useLingui()
  return (reason) => (pauses[reason] ? i18n._(pauses[reason]) : reason)
}

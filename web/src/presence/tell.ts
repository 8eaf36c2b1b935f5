/** Says in passing that somebody else has changed the agent's state, or that a missed offer has. */
import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import { stateNames } from '../shell/presence.ts'
import { enter } from '../shell/words.ts'
import { toast } from '../ui/Toast.tsx'

export async function tellOf({ state, setBy, note }: PresenceState) {
  await enter('presence')
  if (!setBy) {
    toast(t`You missed an offer. You are not answering until you return.`, { tone: 'warn' })
    return
  }
  const name = i18n._(stateNames[state])
  toast([t`${setBy.fullname} has set you to ${name}.`, note].filter(Boolean).join(' '), { tone: 'info' })
}

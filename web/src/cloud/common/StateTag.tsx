/** How an integration stands, in a word. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { Check, CirclePause, type LucideIcon, PlugZap, Replace, Unplug } from 'lucide-react'
import { Tag } from '../../ui/Mark.tsx'
import type { Tone } from '../../ui/tone.ts'

type State = Integration['state']

const looks: Readonly<Record<State, { words: MessageDescriptor; tone: Tone; icon: LucideIcon }>> = {
  connected: { words: msg`Connected`, tone: 'ok', icon: Check },
  paused: { words: msg`Paused`, tone: 'warn', icon: CirclePause },
  reconnect: { words: msg`Reconnect`, tone: 'bad', icon: PlugZap },
  replaced: { words: msg`Replaced`, tone: 'neutral', icon: Replace },
  disconnected: { words: msg`Disconnected`, tone: 'neutral', icon: Unplug },
}

export const stateWords: Readonly<Record<string, MessageDescriptor>> = Object.fromEntries(
  Object.entries(looks).map(([state, { words }]) => [state, words]),
)

export function StateTag({ state }: { state: State }) {
  const { i18n } = useLingui()
  const { words, tone, icon: Icon } = looks[state]
  return (
    <Tag tone={tone} icon={<Icon aria-hidden />}>
      {i18n._(words)}
    </Tag>
  )
}

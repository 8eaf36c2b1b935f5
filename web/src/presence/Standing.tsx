/** How an agent stands, in a word: his state, the reason of a pause, and that he is not heard of. */
import { useLingui } from '@lingui/react/macro'
import type { AgentPresence } from '@patchbay/protocol/api/presence.ts'
import { stateNames, stateTones, usePauseWords } from '../shell/presence.ts'
import { Tag } from '../ui/Mark.tsx'

/** Who is not here counts as offline, whatever he has set. */
export function effectiveState({ isHere, presence }: AgentPresence) {
  return isHere ? presence.state : 'offline'
}

export function Standing({ agent }: { agent: AgentPresence }) {
  const { t, i18n } = useLingui()
  const words = usePauseWords()
  const { presence } = agent
  const state = effectiveState(agent)
  const isBusy = state === 'available' && presence.slotsUsed >= presence.capacity
  const isLost = state !== presence.state
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Tag tone={isBusy ? 'info' : stateTones[state]}>{isBusy ? t`Busy` : i18n._(stateNames[state])}</Tag>
      {isLost ? <span className="text-text-2">{t`No connection`}</span> : null}
      {state === 'paused' && presence.reason ? <bdi>{words(presence.reason)}</bdi> : null}
    </span>
  )
}

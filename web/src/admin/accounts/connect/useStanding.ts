/** Where an interaction stands, in words that follow its number. */
import { useLingui } from '@lingui/react/macro'
import type { Arrival } from './useArrival.ts'

export function useStanding() {
  const { t } = useLingui()
  return ({ state, queue, agent }: Arrival): string => {
    if (state === 'closed') return t`closed`
    if (state === 'assigned') return agent ? t`with ${agent}` : t`with an agent`
    return queue ? t`waiting in ${queue}` : t`waiting for an agent to take it`
  }
}

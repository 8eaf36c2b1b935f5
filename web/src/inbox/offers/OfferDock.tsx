/** Offers are heard and answered on every page. Where the list with its own place for them is not on screen, they stand here. */
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useLive } from '../../live/store.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { read } from '../address.ts'
import { useIsNarrow } from '../useLayout.ts'
import { EndedOffers } from './EndedOffers.tsx'
import { useLeads } from './leader.ts'
import { Offers } from './Offers.tsx'
import { Ringing } from './Ringing.tsx'
import { useAnswer } from './useAnswer.ts'

export function OfferDock() {
  const offers = useLive((state) => state.offers)
  const { accept, decline, isAccepting, isDeclining } = useAnswer()
  const first = isAccepting || isDeclining ? undefined : offers[0]
  useShortcut('accept', () => first && accept(first), offers.length > 0)
  useShortcut('decline', () => first && decline(first), offers.length > 0)
  const leads = useLeads()
  const own = useRef(0)
  const next =
    leads && !isAccepting ? offers.find(({ autoAnswer, id }) => autoAnswer && id > own.current) : undefined
  // Once for each: refused, it is the agent's to answer.
  useEffect(() => {
    if (!next) return
    own.current = next.id
    accept(next)
  }, [next, accept])
  const isNarrow = useIsNarrow()
  const isListShown = useLocation({
    select: ({ pathname }) =>
      pathname.startsWith('/inbox') && !(isNarrow && read(pathname, '').id !== undefined),
  })
  return (
    <>
      <Ringing offers={offers} />
      <EndedOffers />
      {isListShown ? null : <Offers />}
    </>
  )
}

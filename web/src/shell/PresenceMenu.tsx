/** What the agent is doing now, since when, and how to change it. */
import { useLingui } from '@lingui/react/macro'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { Suspense, useEffect, useRef } from 'react'
import { api } from '../api/api.ts'
import { meQuery, useMe } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Button } from '../ui/Button.tsx'
import { Dot } from '../ui/Mark.tsx'
import { Elapsed, Remaining } from '../ui/Time.tsx'
import { toast } from '../ui/Toast.tsx'
import { useOpener } from '../ui/useOpener.tsx'
import { stateNames, stateTones, usePauseWords } from './presence.ts'
import { lazyWith } from './words.ts'

const PresenceChoices = lazyWith('presence', () => import('../presence/PresenceChoices.tsx'))

export function PresenceMenu() {
  const { i18n, t } = useLingui()
  const { presence } = useMe()
  const { state, reason, since, until, slotsUsed, capacity } = presence
  const set = useSetPresence()
  const words = usePauseWords()
  useTold()
  const isBusy = state === 'available' && slotsUsed >= capacity
  const { trigger, ...menu } = useOpener(
    'menu',
    <Button
      icon={<Dot tone={isBusy ? 'info' : stateTones[state]} />}
      iconEnd={<ChevronDown aria-hidden />}
      isPending={set.isPending}
    >
      {isBusy ? t`Busy` : reason ? words(reason) : i18n._(stateNames[state])}
      {state === 'wrap-up' && until ? (
        <Remaining until={until} className="font-normal text-text-2" />
      ) : (
        <Elapsed since={since} className="max-narrow:hidden font-normal text-text-2" />
      )}
    </Button>,
  )
  return (
    <>
      {trigger}
      <Suspense>
        {menu.wasOpened ? (
          <PresenceChoices
            anchor={menu.anchor}
            isOpen={menu.isOpen}
            onOpenChange={menu.setOpen}
            onChoose={set.mutate}
          />
        ) : null}
      </Suspense>
    </>
  )
}

export type PresenceWanted = Body<(typeof sessionApi)['PUT /api/me/presence']>

/** Sets the own presence; also for a banner's Resume. */
export function useSetPresence() {
  const client = useQueryClient()
  const problem = useProblem()
  return useMutation({
    mutationFn: (body: PresenceWanted) => api('PUT /api/me/presence', { body }),
    onSuccess: (presence) => client.setQueryData(meQuery.queryKey, (me) => me && { ...me, presence }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
}

/** Whose state is changed by somebody else, or by a missed offer, reads so wherever he is. */
function useTold() {
  const { presence } = useMe()
  const told = useRef(presence.since)
  useEffect(() => {
    if (told.current === presence.since) return
    told.current = presence.since
    if (presence.setBy || presence.cause === 'missed')
      void import('../presence/tell.ts').then(({ tellOf }) => tellOf(presence))
  }, [presence])
}

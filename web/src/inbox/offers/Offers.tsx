/** Offers, docked above the list: every one is visible, the oldest first, in the same place each time. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { OfferCard } from '@patchbay/protocol/api/interactions.ts'
import { useMutation } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLive } from '../../live/store.ts'
import { useSetPresence } from '../../shell/PresenceMenu.tsx'
import { keysFor, useShortcut } from '../../shell/shortcuts.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { Ring } from '../../ui/Ring.tsx'
import { Elapsed } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useAddress } from '../address.ts'
import { EndedOffers } from './EndedOffers.tsx'
import { Ringing } from './Ringing.tsx'

export function Offers() {
  const { t } = useLingui()
  const offers = useLive((state) => state.offers)
  const { presence } = useMe()
  const set = useSetPresence()
  const answer = useAnswer()
  const first = offers[0]
  useShortcut('accept', () => first && answer.accept(first), first !== undefined)
  useShortcut('decline', () => first && answer.decline(first), first !== undefined)
  return (
    <>
      {presence.state === 'available' ? null : (
        <Banner
          tone="warn"
          isInset
          action={
            <Button size="small" onPress={() => set.mutate({ state: 'available', reason: null })}>
              {presence.state === 'paused' ? t`Resume` : t`Go available`}
            </Button>
          }
        >
          {presence.state === 'paused' ? (
            <Trans>You are paused. Nothing is offered to you.</Trans>
          ) : (
            <Trans>You are offline. Nothing is offered to you.</Trans>
          )}
        </Banner>
      )}
      <Ringing offers={offers} />
      <EndedOffers />
      {offers.length > 0 ? (
        <div className="offers">
          {offers.map((offer, at) => (
            <Card key={offer.id} offer={offer} hasKeys={at === 0} {...answer} />
          ))}
        </div>
      ) : null}
    </>
  )
}

function useAnswer() {
  const { open } = useAddress()
  const problem = useProblem()
  const onError = (error: Error) => toast(problem(error), { tone: 'bad' })
  const accepting = useMutation({
    mutationFn: ({ interactionId: id }: OfferCard) =>
      api('POST /api/openchannel/interactions/:id/accept', { params: { id } }),
    onSuccess: (_, { interactionId }) => open(interactionId, 'mine'),
    onError,
  })
  const declining = useMutation({
    mutationFn: ({ interactionId: id }: OfferCard) =>
      api('POST /api/openchannel/interactions/:id/decline', { params: { id }, body: {} }),
    onError,
  })
  return {
    accept: (offer: OfferCard) => accepting.mutate(offer),
    decline: (offer: OfferCard) => declining.mutate(offer),
    pending: accepting.isPending
      ? accepting.variables.id
      : declining.isPending
        ? declining.variables.id
        : null,
  }
}

interface CardProps {
  offer: OfferCard
  hasKeys: boolean
  accept: (offer: OfferCard) => void
  decline: (offer: OfferCard) => void
  pending: number | null
}

function Card({ offer, hasKeys, accept, decline, pending }: CardProps) {
  const { t } = useLingui()
  // The server's clock may differ from ours: what counts is how much of the time was left when it wrote the card.
  const endsAt = useMemo(
    () => Date.now() + Date.parse(offer.expiresAt) - Date.parse(offer.now),
    [offer.expiresAt, offer.now],
  )
  const { contact, account, queue } = offer
  return (
    <article className="offer" aria-label={t`Offer from ${contact.name}`}>
      <div className="offer-head">
        <Ring endsAt={endsAt} totalMs={offer.timeoutSeconds * 1000} label={t`Time to answer`} />
        <div className="min-w-0">
          <div className="truncate font-semibold">
            <Name>{contact.name}</Name>
          </div>
          <div className="truncate text-small text-text-2">
            <bdi>{account.name}</bdi> · <bdi>{queue.name}</bdi> · <Trans>waiting</Trans>{' '}
            <Elapsed since={offer.waitingSince} />
          </div>
        </div>
      </div>
      <p className="offer-text" dir="auto">
        {offer.preview}
      </p>
      <div className="offer-buttons">
        <Button isWide isDisabled={pending === offer.id} onPress={() => decline(offer)}>
          {t`Decline`}
        </Button>
        <Button
          isWide
          variant="primary"
          isPending={pending === offer.id}
          onPress={() => accept(offer)}
          {...(hasKeys ? { keys: keysFor('accept') } : {})}
        >
          {t`Accept`}
        </Button>
      </div>
    </article>
  )
}

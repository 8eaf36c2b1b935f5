/** One offer: who waits where and for how long, the first lines, the time left, and two buttons. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { OfferCard as Card } from '@patchbay/protocol/api/interactions.ts'
import { useMemo } from 'react'
import { SandboxTag } from '../../shell/SandboxTag.tsx'
import { keysFor } from '../../shell/shortcuts.ts'
import { Name } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { Ring } from '../../ui/Ring.tsx'
import { Elapsed } from '../../ui/Time.tsx'
import { WhyButton } from '../WhyButton.tsx'
import { useAnswer } from './useAnswer.ts'

interface OfferCardProps {
  offer: Card
  /** The keyboard answers this one. */
  hasKeys: boolean
}

export function OfferCard({ offer, hasKeys }: OfferCardProps) {
  const { t } = useLingui()
  const { accept, decline, isAccepting, isDeclining } = useAnswer()
  const { contact, account, queue, team, preview } = offer
  // The server's clock may differ from ours: what counts is how much of the time was left when it wrote the card.
  const skewMs = useMemo(() => Date.now() - Date.parse(offer.now), [offer.now])
  const since = new Date(Date.parse(offer.waitingSince) + skewMs).toISOString()
  return (
    <article className="offer" aria-label={t`Offer from ${contact.name}`}>
      <div className="offer-head">
        <Ring
          endsAt={Date.parse(offer.expiresAt) + skewMs}
          totalMs={offer.timeoutSeconds * 1000}
          label={t`Time to answer`}
        />
        <div className="min-w-0">
          <div className="truncate font-semibold">
            <Name>{contact.name}</Name>
          </div>
          <div className="offer-where">
            <span className="truncate">
              <bdi>{account.name}</bdi> · <bdi>{queue?.name ?? team?.name ?? t`for you`}</bdi>
            </span>
            {account.sandbox ? <SandboxTag /> : null}
            <span className="flex-none">
              {'· '}
              <Trans>
                waiting <Elapsed since={since} />
              </Trans>
            </span>
            <WhyButton interactionId={offer.interactionId} />
          </div>
        </div>
      </div>
      {preview ? (
        <p className="offer-text" dir="auto">
          “{preview}”
        </p>
      ) : null}
      <div className="offer-buttons">
        <Button isWide isPending={isDeclining} isDisabled={isAccepting} onPress={() => decline(offer)}>
          {t`Decline`}
        </Button>
        <Button
          isWide
          variant="primary"
          isPending={isAccepting}
          isDisabled={isDeclining}
          onPress={() => accept(offer)}
          {...(hasKeys ? { keys: keysFor('accept') } : {})}
        >
          {t`Accept`}
        </Button>
      </div>
    </article>
  )
}

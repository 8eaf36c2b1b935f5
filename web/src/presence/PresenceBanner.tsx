/** Why no offer comes, who has set it so, and one press that ends it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useMe } from '../api/queries.ts'
import { useSetPresence } from '../shell/PresenceMenu.tsx'
import { stateNames, usePauseWords } from '../shell/presence.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Remaining, Time } from '../ui/Time.tsx'

export default function PresenceBanner() {
  const { t, i18n } = useLingui()
  const { presence } = useMe()
  const { state, since, until, setBy, note } = presence
  const set = useSetPresence()
  const [seen, setSeen] = useState('')
  const isAvailable = state === 'available'
  if (isAvailable && (!setBy || seen === since)) return null
  const ends = { available: t`OK`, paused: t`Resume`, 'wrap-up': t`End now`, 'not-answering': t`I am back` }
  return (
    <div className="list-banner">
      <Banner
        tone={isAvailable || state === 'wrap-up' ? 'info' : state === 'not-answering' ? 'bad' : 'warn'}
        isInset
        action={
          <Button
            size="small"
            isPending={set.isPending}
            onPress={() => (isAvailable ? setSeen(since) : set.mutate({ state: 'available', reason: null }))}
          >
            {state === 'offline' ? t`Go available` : ends[state]}
          </Button>
        }
      >
        {setBy ? (
          <p>
            <Trans>
              <bdi>{setBy.fullname}</bdi> has set you to {i18n._(stateNames[state])},{' '}
              <Time value={since} style="clock" />.
            </Trans>{' '}
            {note ? <bdi>“{note}”</bdi> : null}
          </p>
        ) : null}
        {isAvailable ? null : <Why until={until} />}
      </Banner>
    </div>
  )
}

function Why({ until }: { until: string | null }) {
  const { presence } = useMe()
  const words = usePauseWords()
  switch (presence.state) {
    case 'paused':
      return (
        <>
          {presence.reason ? <bdi>{words(presence.reason)} · </bdi> : null}
          <Trans>Paused: nothing is offered to you.</Trans>{' '}
          {until ? (
            <Trans>
              It usually ends at <Time value={until} style="clock" />.
            </Trans>
          ) : null}
        </>
      )
    case 'wrap-up':
      return (
        <Trans>
          Wrap-up: the next offer comes in <Remaining until={until ?? presence.since} />.
        </Trans>
      )
    case 'not-answering':
      return <Trans>You missed an offer. Nothing more is offered to you until you return.</Trans>
    default:
      return presence.cause === 'silent' ? (
        <Trans>
          Your browser was not heard of for a minute, so you are offline: nothing is offered to you.
        </Trans>
      ) : (
        <Trans>Offline: nothing is offered to you.</Trans>
      )
  }
}

/** How an interaction came to the agent who has it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Why } from '@patchbay/protocol/api/why.ts'
import { Time } from '../ui/Time.tsx'
import { Strategy } from './Strategy.tsx'

type Way = NonNullable<Why['came']>

export function Came({ came, me }: { came: Way; me: number }) {
  const { from, strategy } = came
  return (
    <>
      <p>
        <strong>
          <Words came={came} me={me} />
        </strong>{' '}
        <Time value={came.at} style="long" className="text-small text-text-2" />
      </p>
      {from && strategy ? <Strategy of="queue" strategy={strategy} /> : null}
    </>
  )
}

function Words({ came, me }: { came: Way; me: number }) {
  const { t } = useLingui()
  const { how, user, by, from } = came
  const isMine = user.id === me
  const who = <bdi>{user.fullname}</bdi>
  const colleague = <bdi>{by?.fullname ?? t`The account’s routing`}</bdi>
  if (how === 'accepted' && from) {
    const queue = <bdi>{from}</bdi>
    return isMine ? (
      <Trans>You accepted the offer of {queue}.</Trans>
    ) : (
      <Trans>
        {who} accepted the offer of {queue}.
      </Trans>
    )
  }
  if (how === 'accepted')
    return isMine ? (
      <Trans>It was meant for you, and you accepted.</Trans>
    ) : (
      <Trans>It was meant for {who}, who accepted.</Trans>
    )
  if (how === 'taken') return isMine ? <Trans>You took it yourself.</Trans> : <Trans>{who} took it.</Trans>
  return isMine ? (
    <Trans>{colleague} passed it to you.</Trans>
  ) : (
    <Trans>
      {colleague} passed it to {who}.
    </Trans>
  )
}

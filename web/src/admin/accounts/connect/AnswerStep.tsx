/** Step three: the admin may take the message himself. */
import { Trans } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Button, LinkButton } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/Toast.tsx'
import type { Arrival } from './useArrival.ts'
import { useStanding } from './useStanding.ts'

export interface AnswerStepProps {
  account: Account
  arrival: Arrival | undefined
  /** A message has come, whether or not its interaction is known here. */
  isBegun: boolean
  isDone: boolean
}

export function AnswerStep({ account, arrival, isBegun, isDone }: AnswerStepProps) {
  const navigate = useNavigate()
  const problem = useProblem()
  const standing = useStanding()
  const take = useMutation({
    mutationFn: (id: number) => api('POST /api/openchannel/interactions/:id/accept', { params: { id } }),
    onSuccess: (_, id) => navigate({ href: `/inbox/mine/${id}` }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  if (isDone) {
    return (
      <p className="text-text-2">
        <Trans>An answer was written.</Trans>
      </p>
    )
  }
  if (!arrival) {
    return (
      <p className="text-text-2">
        {isBegun ? (
          <Trans>The interaction will show here, with a way to answer it.</Trans>
        ) : (
          <Trans>The first message will show here, with a way to answer it.</Trans>
        )}
      </p>
    )
  }
  const where = standing(arrival)
  const isFree = arrival.state !== 'assigned' && arrival.state !== 'closed'
  return (
    <>
      <p className="text-text-2">
        <Trans>
          Interaction {arrival.id}: {where}.
        </Trans>{' '}
        {account.canReply ? null : (
          <Trans>Answering needs a Reply URL: take step 4 first, the built-in receiver will do.</Trans>
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        {isFree ? (
          <Button size="small" isPending={take.isPending} onPress={() => take.mutate(arrival.id)}>
            <Trans>Take it and answer</Trans>
          </Button>
        ) : null}
        <LinkButton size="small" variant="quiet" href={`/inbox/waiting/${arrival.id}`}>
          <Trans>Open in the inbox</Trans>
        </LinkButton>
      </div>
    </>
  )
}

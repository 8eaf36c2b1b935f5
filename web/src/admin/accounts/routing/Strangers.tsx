/** Warns of members of a queue who are no agents of the account, and adds them. */
import { Plural, Trans } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Team } from '@patchbay/protocol/api/people.ts'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, TextLink } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/Toast.tsx'
import { peopleOf, strangersOf } from '../../common/members.ts'
import { accountQuery, usersQuery } from '../../common/queries.ts'

/** Further ones are counted. */
const mostNamed = 3

export function Strangers({
  queue,
  account,
  teams,
}: {
  queue: Queue
  account: Account
  teams: readonly Team[]
}) {
  const client = useQueryClient()
  const problem = useProblem()
  const users = useQuery(usersQuery).data ?? []
  const add = useMutation({
    mutationFn: (ids: number[]) =>
      api('PUT /api/openchannel/accounts/:id/agents', {
        params: { id: account.id },
        body: { ids: [...account.agentIds, ...ids] },
      }),
    onSuccess: (fresh) => client.setQueryData(accountQuery(account.id).queryKey, fresh),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  if (peopleOf(queue, teams).size === 0) {
    return (
      <Banner tone="warn" isInset>
        <Trans>
          Nobody is in this queue, so it rings nobody.{' '}
          <TextLink href={`/admin/queues/${queue.id}`}>Choose its members</TextLink>
        </Trans>
      </Banner>
    )
  }
  const ids = strangersOf(queue, account, teams)
  if (ids.length === 0) return null
  const names = ids
    .slice(0, mostNamed)
    .map((id) => users.find((user) => user.id === id)?.fullname ?? `#${id}`)
    .join(', ')
  return (
    <Banner
      tone="warn"
      isInset
      action={
        <Button size="small" isPending={add.isPending} onPress={() => add.mutate(ids)}>
          <Trans>Add as agents</Trans>
        </Button>
      }
    >
      <Plural
        value={ids.length}
        one="# member is no agent of this account and is not rung:"
        other="# members are no agents of this account and are not rung:"
      />{' '}
      <bdi>{names}</bdi>
      {ids.length > mostNamed ? '…' : ''}
    </Banner>
  )
}

/** What happens to an interaction when it opens: the queues that ring, one after the other. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { useId } from '../../../shell/useId.ts'
import { useLeaveGuard } from '../../../shell/useLeaveGuard.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { SkeletonLines } from '../../../ui/Mark.tsx'
import { Card } from '../../../ui/Page.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { accountQuery, queuesQuery } from '../../common/queries.ts'
import { AddStep } from './AddStep.tsx'
import { StepCard } from './StepCard.tsx'
import { actionsOf, added, isSame, moved, type Step, stepsOf, unreachable } from './steps.ts'

export function Routing() {
  const account = useQuery(accountQuery(useId())).data
  return account ? <Steps key={account.id} account={account} /> : null
}

function Steps({ account }: { account: Account }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const queues = useQuery(queuesQuery).data
  const [chosen, setChosen] = useState<Step[]>()
  const saved = stepsOf(account.actions)
  const steps = chosen ?? saved
  const isChanged = !isSame(steps, saved)
  const guard = useLeaveGuard(isChanged)
  const save = useMutation({
    mutationFn: () =>
      api('PUT /api/openchannel/accounts/:id/actions', {
        params: { id: account.id },
        body: { actions: actionsOf(steps) },
      }),
    onSuccess: (fresh) => {
      client.setQueryData(accountQuery(account.id).queryKey, fresh)
      void client.invalidateQueries({ queryKey: ['queues'] })
      setChosen(undefined)
    },
  })
  if (!queues) return <SkeletonLines lines={4} />
  const lost = unreachable(steps)
  return (
    <div className="flex max-w-[760px] flex-col gap-3">
      {steps.length === 0 ? (
        <Card>
          <p>
            <Trans>
              There are no steps: new interactions ring nobody. They show under Waiting to the agents of this
              account, who take them themselves.
            </Trans>
          </p>
        </Card>
      ) : (
        <p className="text-text-2">
          <Trans>A new interaction goes through these steps from the top, until somebody accepts it.</Trans>
        </p>
      )}
      {lost > 0 ? (
        <Banner tone="warn" isInset>
          <Trans>
            A step that holds at any time and has no time limit waits for ever: the steps below it are never
            reached.
          </Trans>
        </Banner>
      ) : null}
      <ol className="flex flex-col gap-3">
        {steps.map((step, at) => (
          <StepCard
            key={step.key}
            step={step}
            number={at + 1}
            isLast={at === steps.length - 1}
            queues={queues}
            account={account}
            onChange={(change) => setChosen(steps.with(at, { ...step, ...change }))}
            onMove={(by) => setChosen(moved(steps, at, by))}
            onRemove={() => setChosen(steps.toSpliced(at, 1))}
          />
        ))}
      </ol>
      <AddStep queues={queues} onAdd={(queueId) => setChosen(added(steps, queueId))} />
      {steps.length > 0 ? (
        <p className="text-text-2">
          <Trans>
            When all steps have passed, the interaction waits for an agent of the account to take it.
          </Trans>
        </p>
      ) : null}
      <SaveBar
        changes={isChanged ? [t`Steps`] : []}
        isSaving={save.isPending}
        error={save.error ? problem(save.error) : undefined}
        onSave={() => save.mutate()}
        onUndo={() => {
          save.reset()
          setChosen(undefined)
        }}
      />
      {guard}
    </div>
  )
}

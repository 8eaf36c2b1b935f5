/** What happens to an interaction when it opens: the account's actions, step by step, from the top. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ApiError } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { useId } from '../../../shell/useId.ts'
import { useLeaveGuard } from '../../../shell/useLeaveGuard.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, TextLink } from '../../../ui/Button.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { Card } from '../../../ui/Page.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { SortList } from '../../../ui/SortList.tsx'
import { MergeChoice } from '../../common/MergeChoice.tsx'
import { accountQuery } from '../../common/queries.ts'
import { FlowSets } from '../../common/variables.ts'
import { labelsOf } from './merge-steps.ts'
import { StepCard } from './StepCard.tsx'
import { moved, newStep, offered, placeOf, removed, ringsNobody, setBy } from './steps.ts'
import { TryFlow } from './TryFlow.tsx'
import { useSteps } from './useSteps.ts'
import { useTrying } from './useTrying.ts'
import { useStepWords } from './words.ts'

export function Routing() {
  const account = useQuery(accountQuery(useId())).data
  return account ? <Steps key={account.id} account={account} /> : null
}

function Steps({ account }: { account: Account }) {
  const { t } = useLingui()
  const problem = useProblem()
  const words = useStepWords()
  const { steps, isChanged, save, change, undo, conflict } = useSteps(account)
  const guard = useLeaveGuard(isChanged)
  const trying = useTrying(account.id, steps)
  const refusal = save.error ?? trying.error
  const place = refusal instanceof ApiError ? placeOf(refusal.field) : undefined
  const fault = refusal && place ? { ...place, words: refusal.message } : undefined
  const visits = (trying.tried?.path ?? []).map((step, at) => ({ ...step, nr: at + 1 }))
  const move = (from: number, to: number) => change(moved(steps, from, to))
  return (
    <div className="flex max-w-[760px] flex-col gap-3">
      {conflict ? (
        <MergeChoice
          conflict={conflict}
          labels={labelsOf(conflict.all, ({ id }) => words.named(conflict.all, id), t`Order of the steps`)}
        />
      ) : null}
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
      {account.agentIds.length + account.teamIds.length === 0 ? (
        <Banner tone="warn" isInset>
          <Trans>
            This account has no agents, so nobody is rung.{' '}
            <TextLink href={`/admin/accounts/${account.id}/agents`}>Choose them</TextLink>
          </Trans>
        </Banner>
      ) : null}
      {ringsNobody(steps) ? (
        <Banner tone="warn" isInset>
          <Trans>No step rings anybody: interactions wait until an agent of the account takes them.</Trans>
        </Banner>
      ) : null}
      <FlowSets value={setBy(steps)}>
        <SortList
          items={steps}
          keyOf={({ id }) => id}
          isLit={({ id }) => visits.some(({ stepId }) => stepId === id)}
          {...(steps.length > 1 && { drag: { nameOf: words.numbered, onMove: move } })}
        >
          {(step, at, handle) => (
            <StepCard
              handle={handle}
              step={step}
              at={at}
              steps={steps}
              account={account}
              fault={fault?.at === at ? fault : undefined}
              visits={visits.filter(({ stepId }) => stepId === step.id)}
              onChange={(next) => change(steps.with(at, next))}
              onMove={(to) => move(at, to)}
              onRemove={() => change(removed(steps, at))}
            />
          )}
        </SortList>
      </FlowSets>
      <div>
        <Menu
          label={t`Steps`}
          trigger={
            <Button icon={<Plus aria-hidden />}>
              <Trans>Add a step</Trans>
            </Button>
          }
          items={offered.map((type) => ({
            id: type,
            label: words.types[type].name,
            description: words.types[type].does,
            onAction: () => change([...steps, newStep(type, steps)]),
          }))}
        />
      </div>
      {steps.length > 0 ? (
        <p className="text-text-2">
          <Trans>
            When all steps have passed, the interaction waits for an agent of the account to take it.
          </Trans>
        </p>
      ) : null}
      <TryFlow
        trying={trying}
        nameOf={(id) => words.named(steps, id)}
        hasCalls={steps.some(({ type }) => type === 'bot' || type === 'web-request')}
      />
      <SaveBar
        changes={isChanged ? [t`Steps`] : []}
        isSaving={save.isPending}
        error={save.error ? problem(save.error) : undefined}
        onSave={() => save.mutate()}
        onUndo={undo}
      />
      {guard}
    </div>
  )
}

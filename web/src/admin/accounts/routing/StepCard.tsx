/** One step of the flow: its number, what it does, its form, and the ways to move it and take it out. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Banner } from '../../../ui/Banner.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { intervalsQuery } from '../../common/queries.ts'
import { StepForm } from './StepForm.tsx'
import { StepWay, type Visit } from './StepWay.tsx'
import { useStepWords } from './words.ts'

/** Ids begin with 1. */
const ANY_TIME = 0

export interface StepCardProps {
  handle: ReactNode
  step: Action
  at: number
  steps: readonly Action[]
  account: Account
  /** What the server says against it. */
  fault: { field: string; words: string } | undefined
  /** Of the sample message. */
  visits: readonly Visit[]
  onChange: (step: Action) => void
  onMove: (to: number) => void
  onRemove: () => void
}

export function StepCard({
  handle,
  step,
  at,
  steps,
  account,
  fault,
  visits,
  onChange,
  onMove,
  onRemove,
}: StepCardProps) {
  const { t } = useLingui()
  const words = useStepWords()
  const intervals = useQuery(intervalsQuery).data ?? []
  const name = words.numbered(step, at)
  return (
    <>
      <div className="flex items-start gap-2">
        {handle}
        <div className="min-w-0 flex-1">
          <h3 className="font-medium">
            <bdi>{name}</bdi>
          </h3>
          <p className="text-small text-text-2">{words.types[step.type].does}</p>
        </div>
        <span className="flex flex-none">
          <IconButton
            label={t`Move ${name} up`}
            icon={<ArrowUp aria-hidden />}
            isDisabled={at === 0}
            onPress={() => onMove(at - 1)}
          />
          <IconButton
            label={t`Move ${name} down`}
            icon={<ArrowDown aria-hidden />}
            isDisabled={at === steps.length - 1}
            onPress={() => onMove(at + 2)}
          />
          <IconButton label={t`Remove ${name}`} icon={<Trash2 aria-hidden />} onPress={onRemove} />
        </span>
      </div>
      {visits.length > 0 ? <StepWay visits={visits} nameOf={(id) => words.named(steps, id)} /> : null}
      {fault ? (
        <Banner tone="bad" isInset>
          {fault.words}
        </Banner>
      ) : null}
      <StepForm step={step} steps={steps} account={account} fault={fault?.field} onChange={onChange} />
      <div className="grid gap-4 narrow:grid-cols-2">
        <Select<number>
          label={t`Only within`}
          description={step.intervalId ? t`Outside it the next step takes over at once.` : undefined}
          options={[
            { id: ANY_TIME, label: t`Any time` },
            ...intervals.map(({ id, name }) => ({ id, label: name })),
          ]}
          value={step.intervalId ?? ANY_TIME}
          onChange={(id) => onChange({ ...step, intervalId: id === ANY_TIME ? null : id })}
        />
        <TextField
          label={t`Label`}
          description={<Trans>What this step is called here.</Trans>}
          maxLength={100}
          value={step.label ?? ''}
          onChange={(label) => onChange(withLabel(step, label))}
        />
      </div>
    </>
  )
}

function withLabel(step: Action, label: string): Action {
  const { label: _, ...rest } = step
  return label ? { ...step, label } : (rest as Action)
}

/** One step: its queue, how long it rings, its place; and whom it cannot ring. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { IconButton, TextLink } from '../../../ui/Button.tsx'
import { NumberField } from '../../../ui/NumberField.tsx'
import { Select } from '../../../ui/Select.tsx'
import { peopleOf } from '../../common/members.ts'
import { intervalsQuery, teamsQuery } from '../../common/queries.ts'
import { Strangers } from './Strangers.tsx'
import type { Step } from './steps.ts'

/** Ids begin with 1. */
const ANY_TIME = 0

export interface StepCardProps {
  step: Step
  number: number
  isLast: boolean
  queues: readonly Queue[]
  account: Account
  onChange: (change: Partial<Pick<Step, 'timeoutSeconds' | 'intervalId'>>) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

export function StepCard({
  step,
  number,
  isLast,
  queues,
  account,
  onChange,
  onMove,
  onRemove,
}: StepCardProps) {
  const { t } = useLingui()
  const teams = useQuery(teamsQuery).data ?? []
  const intervals = useQuery(intervalsQuery).data ?? []
  const queue = queues.find(({ id }) => id === step.queueId)
  const name = queue?.name ?? t`Queue ${step.queueId}`
  const members = queue ? peopleOf(queue, teams).size : 0
  return (
    <li className="card flex flex-col gap-3 p-4">
      <div className="flex items-start gap-3">
        <span className="step-mark flex-none" aria-hidden>
          {number}
        </span>
        <div className="min-w-0 flex-1">
          <TextLink href={`/admin/queues/${step.queueId}`} className="font-medium">
            <bdi>{name}</bdi>
          </TextLink>
          <p className="text-small text-text-2">
            <Plural value={members} one="# member" other="# members" />
            {' · '}
            {queue?.strategy === 'beepall' ? t`rings all at once` : t`rings one after the other`}
          </p>
        </div>
        <span className="flex flex-none">
          <IconButton
            label={t`Move ${name} up`}
            icon={<ArrowUp aria-hidden />}
            isDisabled={number === 1}
            onPress={() => onMove(-1)}
          />
          <IconButton
            label={t`Move ${name} down`}
            icon={<ArrowDown aria-hidden />}
            isDisabled={isLast}
            onPress={() => onMove(1)}
          />
          <IconButton label={t`Remove ${name}`} icon={<Trash2 aria-hidden />} onPress={onRemove} />
        </span>
      </div>
      <div className="grid gap-4 narrow:grid-cols-2">
        <NumberField
          label={t`Goes on after`}
          suffix={t`s`}
          minValue={1}
          maxValue={86_400}
          value={step.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ timeoutSeconds })}
          description={
            Number.isNaN(step.timeoutSeconds) ? (
              <Trans>Empty: it waits here until somebody accepts.</Trans>
            ) : (
              <Trans>Then the next step takes over.</Trans>
            )
          }
        />
        <Select<number>
          label={t`Only within`}
          description={step.intervalId === null ? undefined : t`Outside it the next step takes over at once.`}
          options={[
            { id: ANY_TIME, label: t`Any time` },
            ...intervals.map(({ id, name }) => ({ id, label: name })),
          ]}
          value={step.intervalId ?? ANY_TIME}
          onChange={(id) => onChange({ intervalId: id === ANY_TIME ? null : id })}
        />
      </div>
      {queue ? <Strangers queue={queue} account={account} teams={teams} /> : null}
    </li>
  )
}

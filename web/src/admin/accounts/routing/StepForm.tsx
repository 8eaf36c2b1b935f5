/** The form of a step, by its type. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Action, ActionOf } from '@patchbay/protocol/api/actions.ts'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '../../../ui/Button.tsx'
import { ComboBox } from '../../../ui/ComboBox.tsx'
import { NumberField } from '../../../ui/NumberField.tsx'
import { Select } from '../../../ui/Select.tsx'
import { ConditionBuilder } from '../../common/ConditionBuilder.tsx'
import { QueuePicker, TagPicker } from '../../common/pickers.tsx'
import { dispositionsQuery, queuesQuery, teamsQuery, usersQuery } from '../../common/queries.ts'
import { VariableText } from '../../common/VariableText.tsx'
import { BotForm } from './BotForm.tsx'
import type { FormProps } from './form.ts'
import { Jump } from './Jump.tsx'
import { Strangers } from './Strangers.tsx'
import { WebRequestForm } from './WebRequestForm.tsx'

export function StepForm(props: FormProps<Action>) {
  const { step } = props
  switch (step.type) {
    case 'queue':
      return <QueueForm {...props} step={step} />
    case 'agent':
      return <AgentForm {...props} step={step} />
    case 'auto-reply':
      return <AutoReplyForm {...props} step={step} />
    case 'go-to-if':
      return <GoToIfForm {...props} step={step} />
    case 'go-to':
      return <GoToForm {...props} step={step} />
    case 'tag':
      return <TagForm {...props} step={step} />
    case 'close':
      return <CloseForm {...props} step={step} />
    case 'noop':
      return <NoopForm {...props} step={step} />
    case 'bot':
      return <BotForm {...props} step={step} />
    case 'web-request':
      return <WebRequestForm {...props} step={step} />
  }
}

function QueueForm({ step, account, onChange }: FormProps<ActionOf<'queue'>>) {
  const queues = useQuery(queuesQuery).data ?? []
  const teams = useQuery(teamsQuery).data ?? []
  const queue = queues.find(({ id }) => id === step.queueId)
  return (
    <>
      <div className="grid gap-4 narrow:grid-cols-2">
        <QueuePicker value={step.queueId || null} onChange={(queueId) => onChange({ ...step, queueId })} />
        <Timeout
          value={step.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ ...step, timeoutSeconds })}
        />
      </div>
      {queue ? (
        <>
          <TextLink href={`/admin/queues/${queue.id}`} className="self-start">
            <bdi>{queue.name}</bdi>
          </TextLink>
          <Strangers queue={queue} account={account} teams={teams} />
        </>
      ) : null}
    </>
  )
}

function AgentForm({ step, account, onChange }: FormProps<ActionOf<'agent'>>) {
  const { t } = useLingui()
  const users = useQuery(usersQuery).data ?? []
  const teams = useQuery(teamsQuery).data
  const seeing = new Set([
    ...account.agentIds,
    ...(teams ?? []).filter(({ id }) => account.teamIds.includes(id)).flatMap(({ userIds }) => userIds),
  ])
  const isStranger = teams !== undefined && step.userId > 0 && !seeing.has(step.userId)
  return (
    <div className="grid gap-4 narrow:grid-cols-2">
      <ComboBox
        label={t`Agent`}
        description={
          isStranger ? t`No agent of this account, and so not rung: add them under Agents.` : undefined
        }
        options={users.map(({ id, fullname }) => ({ id, label: fullname }))}
        value={step.userId || null}
        onChange={(userId) => onChange({ ...step, userId: userId ?? 0 })}
      />
      <Timeout
        value={step.timeoutSeconds}
        onChange={(timeoutSeconds) => onChange({ ...step, timeoutSeconds })}
      />
    </div>
  )
}

function Timeout({
  value,
  onChange,
}: {
  value: number | null | undefined
  onChange: (seconds: number | null) => void
}) {
  const { t } = useLingui()
  return (
    <NumberField
      label={t`Goes on after`}
      suffix={t`s`}
      minValue={1}
      maxValue={86_400}
      value={value ?? Number.NaN}
      onChange={(seconds) => onChange(Number.isNaN(seconds) ? null : seconds)}
      description={
        value == null ? (
          <Trans>Empty: it waits here until somebody accepts.</Trans>
        ) : (
          <Trans>Then the next step takes over.</Trans>
        )
      }
    />
  )
}

function AutoReplyForm({ step, account, fault, onChange }: FormProps<ActionOf<'auto-reply'>>) {
  const { t } = useLingui()
  return (
    <>
      <VariableText
        label={t`Text`}
        listId={account.listId}
        isFaulty={fault === 'text'}
        value={step.text}
        onChange={(text) => onChange({ ...step, text })}
      />
      <Select
        label={t`When`}
        options={[
          { id: 'once', label: t`Once for each interaction` },
          { id: 'always', label: t`Whenever the flow comes here` },
          { id: 'first', label: t`On the customer’s first message ever` },
        ]}
        value={step.when}
        onChange={(when) => onChange({ ...step, when: when as typeof step.when })}
      />
    </>
  )
}

function GoToIfForm({ step, steps, account, fault, onChange }: FormProps<ActionOf<'go-to-if'>>) {
  const { t } = useLingui()
  return (
    <>
      <ConditionBuilder
        value={step.conditions}
        listId={account.listId}
        fault={fault?.replace(/^conditions\./, '')}
        onChange={(conditions) => onChange({ ...step, conditions })}
      />
      <div className="grid gap-4 narrow:grid-cols-2">
        <Jump
          label={t`If it holds, go to`}
          of={step}
          steps={steps}
          value={step.then}
          onChange={(then) => onChange({ ...step, then })}
        />
        <Jump
          label={t`Otherwise, go to`}
          of={step}
          steps={steps}
          value={step.else}
          onChange={(other) => onChange({ ...step, else: other })}
        />
      </div>
    </>
  )
}

function GoToForm({ step, steps, onChange }: FormProps<ActionOf<'go-to'>>) {
  const { t } = useLingui()
  return (
    <Jump
      label={t`Go to`}
      of={step}
      steps={steps}
      value={step.to}
      onChange={(to) => onChange({ ...step, to })}
    />
  )
}

function TagForm({ step, onChange }: FormProps<ActionOf<'tag'>>) {
  return <TagPicker value={step.tagIds} onChange={(tagIds) => onChange({ ...step, tagIds })} />
}

const NONE = 0

function CloseForm({ step, onChange }: FormProps<ActionOf<'close'>>) {
  const { t } = useLingui()
  const dispositions = useQuery(dispositionsQuery).data ?? []
  return (
    <ComboBox
      label={t`Disposition`}
      options={[{ id: NONE, label: t`None` }, ...dispositions.map(({ id, path }) => ({ id, label: path }))]}
      value={step.dispositionId ?? NONE}
      onChange={(id) => onChange({ ...step, dispositionId: id || null })}
    />
  )
}

function NoopForm({ step, account, fault, onChange }: FormProps<ActionOf<'noop'>>) {
  const { t } = useLingui()
  return (
    <VariableText
      label={t`Line`}
      rows={1}
      listId={account.listId}
      isFaulty={fault === 'text'}
      value={step.text}
      onChange={(text) => onChange({ ...step, text })}
    />
  )
}

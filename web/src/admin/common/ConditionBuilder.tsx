/** Conditions in two groups: every one of the first must hold, and one of the second. */
import { Trans, useLingui } from '@lingui/react/macro'
import {
  type Condition,
  type ConditionOperator,
  type Conditions,
  conditionOperators,
} from '@patchbay/protocol/api/actions.ts'
import { Plus, X } from 'lucide-react'
import { useContext } from 'react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useOperators } from './operators.ts'
import { FlowSets, useVariables } from './variables.ts'

export interface ConditionBuilderProps {
  value: Conditions
  onChange: (conditions: Conditions) => void
  /** Whose custom fields are offered. */
  listId?: number | undefined
  /** The condition that the server complains about: `all[0].variable`. */
  fault?: string | undefined
}

export function ConditionBuilder({ value, onChange, listId, fault }: ConditionBuilderProps) {
  const { t } = useLingui()
  const group = (name: 'all' | 'any', label: string) => (
    <Group
      label={label}
      conditions={value[name]}
      listId={listId}
      faulty={fault?.startsWith(`${name}[`) ? Number.parseInt(fault.slice(name.length + 1), 10) : undefined}
      onChange={(conditions) => onChange({ ...value, [name]: conditions })}
    />
  )
  return (
    <>
      {group('all', t`All of these hold`)}
      {group('any', t`And at least one of these holds`)}
    </>
  )
}

interface GroupProps {
  label: string
  conditions: readonly Condition[]
  listId: number | undefined
  faulty: number | undefined
  onChange: (conditions: Condition[]) => void
}

function Group({ label, conditions, listId, faulty, onChange }: GroupProps) {
  const { t } = useLingui()
  const known = useVariables(listId)
  const { isOpen } = useContext(FlowSets)
  const operators = useOperators()
  return (
    <fieldset className="flex flex-col items-start gap-2">
      <legend className="label">{label}</legend>
      {conditions.map((condition, at) => {
        const change = (part: Partial<Condition>) => onChange(conditions.with(at, { ...condition, ...part }))
        const { variable } = condition
        const isKnown = variable === '' || known.some(({ id }) => id === variable)
        const variables = isKnown ? known : [...known, { id: variable }]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition is nothing but its place
          <div key={at} className="flex w-full flex-wrap items-start gap-2">
            <ComboBox
              className="min-w-0 flex-[2_1_160px]"
              label={t`Variable`}
              isLabelHidden
              options={variables.map((one) => ({ ...one, label: one.id }))}
              value={variable}
              onChange={(name) => change({ variable: name ?? '' })}
              {...(isOpen ? { onCreate: (name: string) => change({ variable: asVariable(name) }) } : {})}
              error={faulty === at ? t`Look at this condition.` : undefined}
            />
            <Select<ConditionOperator>
              className="flex-[1_1_130px]"
              label={t`Comparison`}
              isLabelHidden
              options={conditionOperators.map((id) => ({ id, label: operators[id] }))}
              value={condition.operator}
              onChange={(operator) => change({ operator })}
            />
            <TextField
              className="min-w-0 flex-[2_1_140px]"
              label={t`Value`}
              isLabelHidden
              placeholder={t`Value`}
              maxLength={1000}
              value={condition.value}
              onChange={(text) => change({ value: text })}
            />
            <IconButton
              label={t`Remove condition ${at + 1}`}
              icon={<X aria-hidden />}
              onPress={() => onChange(conditions.toSpliced(at, 1))}
            />
          </div>
        )
      })}
      <Button
        size="small"
        icon={<Plus aria-hidden />}
        onPress={() =>
          onChange([...conditions, { variable: 'message.body', operator: 'contains', value: '' }])
        }
      >
        <Trans>Add a condition</Trans>
      </Button>
    </fieldset>
  )
}

/** A name alone is one that a bot sets. */
const asVariable = (name: string) => (name.includes('.') ? name : `vars.${name}`)

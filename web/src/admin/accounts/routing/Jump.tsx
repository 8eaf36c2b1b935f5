/** The step at which the flow goes on; none is the end of the flow, or what the label of none says. */
import { useLingui } from '@lingui/react/macro'
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { Select } from '../../../ui/Select.tsx'
import { useStepWords } from './words.ts'

const NONE = ''

export interface JumpProps {
  label: string
  /** What no step means. Left out: the end of the flow. */
  none?: string
  of: Action
  steps: readonly Action[]
  value: string | null
  onChange: (id: string | null) => void
}

export function Jump({ label, none, of, steps, value, onChange }: JumpProps) {
  const { t } = useLingui()
  const { numbered } = useStepWords()
  return (
    <Select
      label={label}
      options={[
        { id: NONE, label: none ?? t`The end of the flow` },
        ...steps.flatMap((step, at) =>
          step.id === of.id ? [] : [{ id: step.id, label: numbered(step, at) }],
        ),
      ]}
      value={value ?? NONE}
      onChange={(id) => onChange(id === NONE ? null : id)}
    />
  )
}

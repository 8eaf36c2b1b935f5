/** A number of seconds that must be given. */
import { useLingui } from '@lingui/react/macro'
import { NumberField } from '../../../ui/NumberField.tsx'

export function Seconds({
  label,
  description,
  maxValue,
  value,
  onChange,
}: {
  label: string
  description: string
  maxValue: number
  value: number
  onChange: (seconds: number) => void
}) {
  const { t } = useLingui()
  return (
    <NumberField
      label={label}
      description={description}
      suffix={t`s`}
      minValue={1}
      maxValue={maxValue}
      value={value}
      onChange={(seconds) => {
        if (!Number.isNaN(seconds)) onChange(seconds)
      }}
    />
  )
}

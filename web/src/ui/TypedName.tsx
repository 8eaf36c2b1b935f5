/** The field of a confirmation in which a name is typed. */
import { useLingui } from '@lingui/react/macro'
import { TextField } from './TextField.tsx'

export interface TypedNameProps {
  name: string
  value: string
  onChange: (value: string) => void
}

export default function TypedName({ name, value, onChange }: TypedNameProps) {
  const { t } = useLingui()
  return (
    <TextField
      autoFocus
      label={t`Type “${name}” to confirm`}
      value={value}
      onChange={onChange}
      autoComplete="off"
    />
  )
}

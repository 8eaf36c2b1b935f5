/** Where the code of an authenticator is typed or pasted; six digits are sent without a further key. */
import { useLingui } from '@lingui/react/macro'
import { TextField } from '../../ui/TextField.tsx'

const DIGITS = 6

export interface CodeFieldProps {
  value: string
  onChange: (code: string) => void
  /** Six digits are there. */
  onComplete: (code: string) => void
  error?: string | undefined
  isDisabled?: boolean
  autoFocus?: boolean
}

export function CodeField({ value, onChange, onComplete, ...props }: CodeFieldProps) {
  const { t } = useLingui()
  return (
    <TextField
      {...props}
      label={t`Code of your authenticator`}
      description={t`Six digits, a new one every 30 seconds.`}
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      isMono
      className="max-w-[240px]"
      value={value}
      onChange={(typed) => {
        // Pasted ones come with spaces.
        const code = typed.replace(/\D/g, '').slice(0, DIGITS)
        onChange(code)
        if (code.length === DIGITS && code !== value) onComplete(code)
      }}
    />
  )
}

/** Where a code of digits is typed or pasted; once all of them are there it is sent without a further key. */
import { TextField } from './TextField.tsx'

export interface CodeFieldProps {
  label: string
  description: string
  digits: number
  value: string
  onChange: (code: string) => void
  /** All digits are there. */
  onComplete: (code: string) => void
  error?: string | undefined
  /** While it is looked at: the field keeps the focus. */
  isPending?: boolean
  autoFocus?: boolean
}

export function CodeField({
  digits,
  value,
  onChange,
  onComplete,
  isPending = false,
  ...props
}: CodeFieldProps) {
  return (
    <TextField
      {...props}
      isReadOnly={isPending}
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      isMono
      className="max-w-[240px]"
      value={value}
      onChange={(typed) => {
        // Pasted ones come with spaces.
        const code = typed.replace(/\D/g, '').slice(0, digits)
        onChange(code)
        if (code.length === digits && code !== value) onComplete(code)
      }}
    />
  )
}

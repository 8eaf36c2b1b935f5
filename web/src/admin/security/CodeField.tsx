/** Where the code of an authenticator is typed or pasted. */
import { useLingui } from '@lingui/react/macro'
import { type CodeFieldProps, CodeField as DigitField } from '../../ui/CodeField.tsx'

export function CodeField(props: Omit<CodeFieldProps, 'label' | 'description' | 'digits'>) {
  const { t } = useLingui()
  return (
    <DigitField
      {...props}
      digits={6}
      label={t`Code of your authenticator`}
      description={t`Six digits, a new one every 30 seconds.`}
    />
  )
}

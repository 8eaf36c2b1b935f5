/** What every field has around it: label, hint, error. */
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'

export interface FieldWords {
  label: string
  isLabelHidden?: boolean | undefined
  /** One sentence on what to write, kept in view. */
  description?: ReactNode
  /** What is wrong and how to put it right; marks the field as invalid. */
  error?: string | undefined
}

export function FieldFrame({
  label,
  isLabelHidden,
  description,
  error,
  children,
}: FieldWords & { children: ReactNode }) {
  return (
    <>
      <Label className={isLabelHidden ? 'visually-hidden' : 'label'}>{label}</Label>
      {children}
      {description ? (
        <Text slot="description" className="hint">
          {description}
        </Text>
      ) : null}
      <FieldError className="field-error">
        <CircleAlert aria-hidden />
        <span>{error}</span>
      </FieldError>
    </>
  )
}

/** What a field of the kit is told when there is an error: shown by us, never by the browser. */
export function invalid(error: string | undefined) {
  return { isInvalid: Boolean(error), validationBehavior: 'aria' as const }
}

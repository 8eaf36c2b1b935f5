/** Why a form could not be saved, when that concerns no single field. */
import type { FieldValues, UseFormReturn } from 'react-hook-form'
import { Banner } from '../../ui/Banner.tsx'

export function FormFault<T extends FieldValues>({ form }: { form: UseFormReturn<T> }) {
  const message = form.formState.errors.root?.message
  if (!message) return null
  return (
    <Banner tone="bad" isInset>
      {message}
    </Banner>
  )
}

/** Sends a form: a refusal that names one of its fields is shown there, any other as the form's own. Sent again while it is under way, it goes once. */
import { useRef } from 'react'
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form'
import { ApiError } from './api.ts'
import { useProblem } from './useProblem.ts'

export function useSubmit<T extends FieldValues>(
  form: UseFormReturn<T>,
  save: (values: T) => Promise<unknown>,
): () => Promise<void> {
  const problem = useProblem()
  const sending = useRef<Promise<void>>(undefined)
  const send = form.handleSubmit(async (values) => {
    try {
      await save(values)
    } catch (error) {
      const field = error instanceof ApiError ? error.field : undefined
      const message = problem(error)
      if (field !== undefined && Object.hasOwn(form.getValues(), field))
        form.setError(field as FieldPath<T>, { message }, { shouldFocus: true })
      else form.setError('root', { message })
    }
  })
  return () => {
    sending.current ??= send().finally(() => {
      sending.current = undefined
    })
    return sending.current
  }
}

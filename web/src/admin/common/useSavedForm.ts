/**
 * A form over something that is saved and that others may change too. Untouched, it follows what the server says; touched, it keeps
 * what was written and says that there is something newer, to be taken or merged.
 */
import { useEffect, useState } from 'react'
import { type DefaultValues, type FieldValues, type Path, useForm } from 'react-hook-form'
import { ApiError } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { changedNames, changesOf, differences, merged } from './merge.ts'

export interface SavedFormOptions<E, T extends FieldValues> {
  entity: E
  read: (entity: E) => T
  /** Another one means that somebody saved. */
  stampOf: (entity: E) => string | number
  /** `base` is what the changes were made on. Answers what is saved now. */
  save: (changes: Partial<T>, base: E) => Promise<E>
  /** Fetches the entity anew, after a refusal because of its version. */
  reload: () => Promise<unknown>
}

export function useSavedForm<E, T extends FieldValues>({
  entity,
  read,
  stampOf,
  save,
  reload,
}: SavedFormOptions<E, T>) {
  const [base, setBase] = useState(entity)
  const form = useForm<T>({ defaultValues: read(entity) as DefaultValues<T> })
  const before = read(base)
  const mine = form.watch()
  const theirs = read(entity)
  const changed = changedNames(before, mine)
  const isNewer = stampOf(entity) !== stampOf(base)
  const isTouched = changed.length > 0

  const start = (from: E, values = read(from)) => {
    setBase(from)
    form.reset(read(from))
    for (const name of changedNames(read(from), values))
      form.setValue(name as Path<T>, values[name], { shouldDirty: true })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `start` is made anew by every drawing
  useEffect(() => {
    if (isNewer && !isTouched) start(entity)
  }, [isNewer, isTouched, entity])

  const submit = useSubmit(form, async (values) => {
    try {
      start(await save(changesOf(before, values), base))
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'GE-104') throw error
      await reload()
    }
  })
  return {
    form,
    changed,
    submit,
    isSaving: form.formState.isSubmitting,
    undo: () => start(entity),
    conflict:
      isNewer && isTouched
        ? {
            differences: differences(before, mine, theirs),
            takeTheirs: () => start(entity),
            merge: (taken: ReadonlySet<string>) => start(entity, merged(before, mine, theirs, taken)),
          }
        : undefined,
  }
}

export type SavedForm = Pick<
  ReturnType<typeof useSavedForm>,
  'changed' | 'submit' | 'isSaving' | 'undo' | 'conflict'
>

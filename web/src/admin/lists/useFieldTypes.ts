/** The names of the types of custom fields. */
import { useLingui } from '@lingui/react/macro'
import type { Field } from '@patchbay/protocol/api/contacts.ts'

export function useFieldTypes(): Readonly<Record<Field['type'], string>> {
  const { t } = useLingui()
  return {
    text: t`Text`,
    select: t`Choice`,
    number: t`Number`,
    switch: t`Yes or no`,
    datetime: t`Date and time`,
    url: t`Web address`,
  }
}

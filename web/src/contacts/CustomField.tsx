/** One custom field in a form, by its type. */
import { useLingui } from '@lingui/react/macro'
import type { Field } from '@patchbay/protocol/api/contacts.ts'
import type { Control } from 'react-hook-form'
import { FormNumber, FormSelect, FormSwitch, FormText } from '../ui/FormFields.tsx'
import { nameOfCustom, type Values } from './fields.ts'

export function CustomField({ field, control }: { field: Field; control: Control<Values> }) {
  const { t } = useLingui()
  const shared = {
    control,
    name: nameOfCustom(field),
    label: field.name,
    isRequired: field.required,
    ...(field.required
      ? { rules: { validate: (value: Values[string]) => value !== '' || t`${field.name} is needed.` } }
      : {}),
  }
  switch (field.type) {
    case 'number':
      return <FormNumber {...shared} />
    case 'switch':
      return (
        <FormSwitch control={control} name={shared.name}>
          {field.name}
        </FormSwitch>
      )
    case 'select':
      return (
        <FormSelect
          {...shared}
          options={[
            ...(field.required ? [] : [{ id: '', label: t`None` }]),
            ...field.options.map((option) => ({ id: option, label: option })),
          ]}
        />
      )
    case 'datetime':
      return <FormText {...shared} type="datetime-local" />
    case 'url':
      return <FormText {...shared} type="url" placeholder="https://" />
    case 'text':
      return <FormText {...shared} />
  }
}

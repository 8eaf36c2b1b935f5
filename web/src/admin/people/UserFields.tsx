/** Who somebody is and what he may do: the fields shared by making and changing a user. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import type { Control, FieldPath, FieldValues } from 'react-hook-form'
import { FormNumber, FormSelect, FormText } from '../../ui/FormFields.tsx'
import { rolesQuery } from '../common/queries.ts'
import { useRoleName } from './permissions.ts'
import { useUserRules } from './rules.ts'

export interface UserValues {
  email: string
  name: string
  fullname: string
  roleId: number
  capacity: number
}

export function UserFields<T extends FieldValues & UserValues>({
  control,
  isNew = false,
}: {
  control: Control<T>
  isNew?: boolean
}) {
  const { t } = useLingui()
  const roles = useQuery(rolesQuery)
  const nameOf = useRoleName()
  const rules = useUserRules()
  const at = (name: keyof UserValues) => ({ control, name: name as FieldPath<T> })
  return (
    <>
      <div className="grid gap-4 narrow:grid-cols-2">
        <FormText
          {...at('fullname')}
          label={t`Full name`}
          autoComplete="off"
          autoFocus={isNew}
          rules={{ validate: (value: unknown) => Boolean(String(value).trim()) || t`Write the name.` }}
        />
        <FormText
          {...at('name')}
          label={t`Short name`}
          autoComplete="off"
          description={t`What services see as the author of an answer.`}
        />
        <FormText
          {...at('email')}
          label={t`E-mail`}
          type="email"
          autoComplete="off"
          rules={{ validate: (value: unknown) => rules.email(String(value)) }}
        />
        <FormNumber
          {...at('capacity')}
          label={t`Capacity`}
          minValue={1}
          maxValue={100}
          description={t`How many interactions at one time.`}
          rules={{ validate: (value: unknown) => !Number.isNaN(value) || t`Write a number.` }}
        />
      </div>
      <FormSelect
        {...at('roleId')}
        label={t`Role`}
        description={t`What it allows stands under Roles.`}
        className="max-w-[360px]"
        placeholder={t`Agent`}
        options={(roles.data ?? []).map((role) => ({ id: role.id, label: nameOf(role) }))}
      />
    </>
  )
}

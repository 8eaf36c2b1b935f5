/** Who somebody is and what he may do: the fields shared by making and changing a user. */
import { useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import type { Control, FieldPath, FieldValues } from 'react-hook-form'
import { FormNumber, FormRadio, FormText } from '../../ui/FormFields.tsx'
import { useUserRules } from './rules.ts'
import { useRoles } from './useRoles.ts'

export interface UserValues {
  email: string
  name: string
  fullname: string
  role: User['role']
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
  const roles = useRoles()
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
      <FormRadio
        {...at('role')}
        label={t`Role`}
        options={[
          {
            id: 'agent',
            label: roles.agent,
            description: t`Answers on the accounts to which the user was added.`,
          },
          { id: 'supervisor', label: roles.supervisor, description: t`An agent who looks after a team.` },
          { id: 'admin', label: roles.admin, description: t`Sees and sets everything.` },
        ]}
      />
    </>
  )
}

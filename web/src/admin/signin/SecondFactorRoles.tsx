/** Which roles cannot sign in by password without a second factor. */
import { useLingui } from '@lingui/react/macro'
import type { SignInSettings } from '@patchbay/protocol/api/sign-in.ts'
import { Controller } from 'react-hook-form'
import { CheckboxGroup } from '../../ui/Choice.tsx'
import { Card } from '../../ui/Page.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { useRoleName } from '../people/permissions.ts'
import { useSaveSignIn } from './useSaveSignIn.ts'

export interface SettingsFormProps {
  settings: SignInSettings
  reload: () => Promise<unknown>
}

export function SecondFactorRoles({ settings, reload }: SettingsFormProps) {
  const { t } = useLingui()
  const nameOf = useRoleName()
  const save = useSaveSignIn()
  const saved = useSavedForm<SignInSettings, Pick<SignInSettings, 'secondFactorRoleIds'>>({
    entity: settings,
    read: ({ secondFactorRoleIds }) => ({ secondFactorRoleIds }),
    stampOf: ({ version }) => version,
    save,
    reload,
  })
  return (
    <Card title={t`Second factor`}>
      <FormFault form={saved.form} />
      <Controller
        control={saved.form.control}
        name="secondFactorRoleIds"
        render={({ field }) => (
          <CheckboxGroup
            label={t`Demanded of`}
            description={t`Who has none sets one up at the next sign-in; sessions without one end when you save. API keys are not concerned.`}
            value={field.value.map(String)}
            onChange={(chosen) => field.onChange(chosen.map(Number).sort((one, other) => one - other))}
            options={settings.roles.map((role) => ({ id: String(role.id), label: nameOf(role) }))}
          />
        )}
      />
      <SavedFormBar saved={saved} labels={{ secondFactorRoleIds: t`Second factor` }} />
    </Card>
  )
}

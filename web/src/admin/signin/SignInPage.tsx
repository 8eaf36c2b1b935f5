/** By which ways people sign in, for the whole installation. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { signInSettingsQuery } from '../common/queries.ts'
import { SecondFactorRoles } from './SecondFactorRoles.tsx'
import { SingleSignOnForm } from './SingleSignOnForm.tsx'

export function SignInPage() {
  const { t } = useLingui()
  const settings = useQuery(signInSettingsQuery)
  if (!settings.data) return <Waiting error={settings.error} />
  return (
    <AdminPage
      title={t`Signing in`}
      description={t`What people need to come in, for everybody here.`}
      calls={[
        { key: 'GET /api/sign-in-settings' },
        { key: 'PATCH /api/sign-in-settings', body: { secondFactorRoleIds: [1] } },
      ]}
    >
      <div className="flex max-w-[760px] flex-col gap-3">
        <SecondFactorRoles settings={settings.data} reload={settings.refetch} />
        <SingleSignOnForm settings={settings.data} reload={settings.refetch} />
      </div>
    </AdminPage>
  )
}

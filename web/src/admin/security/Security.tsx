/** How one signs in and where one is signed in; everybody's own. */
import { useLingui } from '@lingui/react/macro'
import { AdminPage } from '../common/AdminPage.tsx'
import { OwnPassword } from './OwnPassword.tsx'
import { OwnSessions } from './OwnSessions.tsx'
import { SecondFactorCard } from './SecondFactorCard.tsx'

export function Security() {
  const { t } = useLingui()
  return (
    <AdminPage
      title={t`Security`}
      description={t`How you sign in, and where you are signed in.`}
      calls={[{ key: 'GET /api/me/second-factor' }, { key: 'GET /api/me/sessions' }]}
    >
      <div className="flex max-w-[760px] flex-col gap-3">
        <SecondFactorCard />
        <OwnPassword />
        <OwnSessions />
      </div>
    </AdminPage>
  )
}

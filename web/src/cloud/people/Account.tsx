/** What a person sets for himself: the password; and leaving. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Back } from '../../shell/Back.tsx'
import { Card, DescriptionList, Page, PageHeader } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { useUser } from '../api.ts'
import { Leave } from './Leave.tsx'
import { OwnPassword } from './OwnPassword.tsx'

export function Account() {
  const { t } = useLingui()
  const { email, createdAt } = useUser()
  return (
    <Page isNarrow>
      <Back href="/" label={t`Integrations`} />
      <PageHeader title={t`Your account`} />
      <Card>
        <DescriptionList
          items={[
            { term: t`E-mail`, value: email },
            { term: t`Registered`, value: <Time value={createdAt} style="day" /> },
          ]}
        />
      </Card>
      <OwnPassword />
      <Card title={t`Leave`}>
        <p className="text-text-2">
          <Trans>
            Deletes your account and your integrations: their pages are disconnected from Facebook at once.
          </Trans>
        </p>
        <Leave />
      </Card>
    </Page>
  )
}

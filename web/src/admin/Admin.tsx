/** The start of administration. */
import { useLingui } from '@lingui/react/macro'
import { Page, PageHeader } from '../ui/Page.tsx'

export function Admin() {
  const { t } = useLingui()
  return (
    <Page>
      <PageHeader title={t`Admin`} />
    </Page>
  )
}

/** One contact on a page of its own. */
import { useLingui } from '@lingui/react/macro'
import { Back } from '../shell/Back.tsx'
import { useId } from '../shell/useId.ts'
import { Card, Page } from '../ui/Page.tsx'
import { ContactPanel } from './ContactPanel.tsx'

export function ContactPage() {
  const { t } = useLingui()
  return (
    <Page isNarrow>
      <Back href="/contacts" label={t`Contacts`} />
      <Card isFlush>
        <ContactPanel contactId={useId()} />
      </Card>
    </Page>
  )
}

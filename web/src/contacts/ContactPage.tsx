/** One contact on a page of its own. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { MessageSquarePlus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { Back } from '../shell/Back.tsx'
import { useId } from '../shell/useId.ts'
import { lazyWith } from '../shell/words.ts'
import { Button } from '../ui/Button.tsx'
import { Card, Page } from '../ui/Page.tsx'
import { ContactPanel } from './ContactPanel.tsx'
import { contactName } from './fields.ts'
import { contactQuery } from './queries.ts'

const Begin = lazyWith('pass-on', () => import('../pass-on/Begin.tsx'))

export function ContactPage() {
  const { t } = useLingui()
  const id = useId()
  const contact = useQuery(contactQuery(id)).data
  const [isBeginning, setBeginning] = useState(false)
  return (
    <Page isNarrow>
      <div className="flex items-center justify-between gap-3">
        <Back href="/contacts" label={t`Contacts`} />
        <Button
          icon={<MessageSquarePlus aria-hidden />}
          isDisabled={!contact}
          onPress={() => setBeginning(true)}
        >
          {t`Start interaction`}
        </Button>
      </div>
      <Card isFlush>
        <ContactPanel contactId={id} />
      </Card>
      <Suspense>
        {contact && isBeginning ? (
          <Begin
            contact={{ id, listId: contact.listId, name: contactName(contact) }}
            onOpenChange={setBeginning}
          />
        ) : null}
      </Suspense>
    </Page>
  )
}

/** Who wrote: name, fields to look at and change, history. Stands beside the thread and on the contact's own page. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { lazy, memo, type ReactNode, Suspense } from 'react'
import { useProblem } from '../api/useProblem.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import { patient } from '../ui/patient.ts'
import { monthOf } from '../ui/time.ts'
import { useHandler } from '../ui/useHandler.ts'
import { useOpenFor } from '../ui/useOpenFor.ts'
import { ContactHistory } from './ContactHistory.tsx'
import { ContactTerms } from './ContactTerms.tsx'
import { contactName } from './fields.ts'
import { contactQuery, fieldsQuery, historyQuery } from './queries.ts'

const ContactForm = lazy(patient(() => import('./ContactForm.tsx')))

export interface ContactPanelProps {
  contactId: number
  /** Stands between the fields and the history, such as the tags of the interaction. */
  children?: ReactNode
}

/** Stays when another contact is shown; what is being written in it does not. */
export function ContactPanel({ contactId, children }: ContactPanelProps) {
  const problem = useProblem()
  const contact = useQuery(contactQuery(contactId))
  if (contact.isPending) {
    return (
      <div className="p-4">
        <SkeletonLines lines={6} />
      </div>
    )
  }
  if (contact.isError) {
    return (
      <Banner tone="bad" action={<Again onPress={() => void contact.refetch()} />}>
        {problem(contact.error)}
      </Banner>
    )
  }
  const name = contactName(contact.data)
  return (
    <div className="flex min-w-0 flex-col gap-5 p-4">
      <header className="flex min-w-0 items-center gap-3">
        <Avatar name={name} size={48} />
        <div className="min-w-0">
          <h2 className="line-clamp-2 text-h4 [overflow-wrap:anywhere]" title={name}>
            <bdi>{name}</bdi>
          </h2>
          <Since contactId={contactId} createdAt={contact.data.createdAt} />
        </div>
      </header>
      <Fields contactId={contactId} />
      {children}
      <ContactHistory contactId={contactId} />
    </div>
  )
}

function Since({ contactId, createdAt }: { contactId: number; createdAt: string }) {
  const { i18n } = useLingui()
  const count = useInfiniteQuery(historyQuery(contactId)).data?.pages[0]?.count
  const since = monthOf(Date.parse(createdAt), i18n.locale)
  return (
    <p className="truncate text-small text-text-2">
      <Trans>Contact since {since}</Trans>
      {count === undefined ? null : (
        <>
          {' · '}
          <Plural value={count} one="# interaction" other="# interactions" />
        </>
      )}
    </p>
  )
}

function Fields({ contactId }: { contactId: number }) {
  const [isEditing, setEditing] = useOpenFor(contactId)
  const edit = useHandler(() => setEditing(true))
  const contact = useQuery(contactQuery(contactId)).data
  const custom = useQuery({ ...fieldsQuery(contact?.listId ?? 0), enabled: contact !== undefined })
  if (!contact) return null
  const fields = custom.data?.rows ?? []
  return (
    <section className="flex flex-col gap-3">
      <div className="flex min-h-7 items-center justify-between">
        <h3 className="font-medium text-text-2">
          <Trans>Contact</Trans>
        </h3>
        {isEditing ? null : <Edit isDisabled={custom.isPending} onPress={edit} />}
      </div>
      {isEditing ? (
        <Suspense fallback={<SkeletonLines lines={5} />}>
          <ContactForm key={contactId} contact={contact} custom={fields} onDone={() => setEditing(false)} />
        </Suspense>
      ) : (
        <ContactTerms contact={contact} custom={fields} />
      )}
    </section>
  )
}

const Edit = memo(function Edit(button: { isDisabled: boolean; onPress: () => void }) {
  return (
    <Button size="small" {...button}>
      <Trans>Edit</Trans>
    </Button>
  )
})

function Again({ onPress }: { onPress: () => void }) {
  return (
    <Button size="small" onPress={onPress}>
      <Trans>Try again</Trans>
    </Button>
  )
}

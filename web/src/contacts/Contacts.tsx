/** All contacts that one may see, by list, with search. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Contact } from '@patchbay/protocol/api/contacts.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Contact as ContactIcon } from 'lucide-react'
import { Failed } from '../shell/Failed.tsx'
import { useTypedSearch } from '../shell/list-address.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Id, Name } from '../ui/Bidi.tsx'
import { DataTable } from '../ui/DataTable.tsx'
import { LoadMore } from '../ui/LoadMore.tsx'
import { Card, EmptyState, Page, PageHeader } from '../ui/Page.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import { Time } from '../ui/Time.tsx'
import { contactName, phoneOf } from './fields.ts'
import { contactsQuery, listsQuery } from './queries.ts'

const everyList = 0

export function Contacts() {
  const { t } = useLingui()
  const { search, typed, type, current, set } = useTypedSearch()
  const lists = useQuery(listsQuery).data?.rows ?? []
  const listId = lists.find(({ id }) => String(id) === current.list)?.id
  const contacts = useInfiniteQuery({
    ...contactsQuery({ search, listId }),
    placeholderData: (before) => before,
  })
  const rows = contacts.data?.pages.flatMap((page) => page.rows)
  return (
    <Page>
      <PageHeader title={t`Contacts`} />
      <div className="flex flex-wrap gap-2">
        <SearchField
          label={t`Search by name, phone or e-mail`}
          value={typed}
          onChange={type}
          className="w-full max-w-[360px]"
        />
        {lists.length > 1 ? (
          <Select
            label={t`List`}
            isLabelHidden
            className="min-w-[160px]"
            value={listId ?? everyList}
            onChange={(id) => set({ list: id === everyList ? undefined : String(id) })}
            options={[
              { id: everyList, label: t`All lists` },
              ...lists.map(({ id, name }) => ({ id, label: name })),
            ]}
          />
        ) : null}
      </div>
      {contacts.isError ? (
        <Failed error={contacts.error} onRetry={() => void contacts.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<Contact, number>
            label={t`Contacts`}
            rows={rows}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/contacts/${id}`}
            empty={
              search ? (
                <EmptyState icon={<ContactIcon aria-hidden />} title={t`Nobody found`}>
                  <Trans>Search by the start of a name, or by a whole phone number or e-mail.</Trans>
                </EmptyState>
              ) : (
                <EmptyState icon={<ContactIcon aria-hidden />} title={t`No contacts yet`}>
                  <Trans>Who writes to one of your accounts becomes a contact.</Trans>
                </EmptyState>
              )
            }
            columns={[
              {
                id: 'name',
                title: t`Name`,
                cell: (contact) => (
                  <span className="flex min-w-0 items-center gap-3">
                    <Avatar name={contactName(contact)} size={28} />
                    <Name>{contactName(contact)}</Name>
                  </span>
                ),
              },
              {
                id: 'phone',
                title: t`Phone`,
                cell: (contact) => (
                  <Id className="whitespace-nowrap">{phoneOf(contact) ?? contact.mobile ?? '–'}</Id>
                ),
              },
              {
                id: 'email',
                title: t`E-mail`,
                priority: 'low',
                cell: ({ email }) => <Id>{email ?? '–'}</Id>,
              },
              {
                id: 'city',
                title: t`City`,
                priority: 'low',
                cell: ({ city }) => <Name>{city ?? '–'}</Name>,
              },
              {
                id: 'updated',
                title: t`Changed`,
                align: 'end',
                priority: 'low',
                cell: ({ updatedAt }) => <Time value={updatedAt} />,
              },
            ]}
          />
          <LoadMore
            hasMore={contacts.hasNextPage}
            isLoading={contacts.isFetchingNextPage}
            onLoadMore={() => void contacts.fetchNextPage()}
          />
        </Card>
      )}
    </Page>
  )
}

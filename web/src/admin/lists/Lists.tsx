/** Contact lists, and the custom fields that every list has. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { List } from '@patchbay/protocol/api/contacts.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../api/api.ts'
import { fieldsQuery, listsQuery } from '../../contacts/queries.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { NameDialog } from '../common/NameDialog.tsx'
import { FieldTable } from './FieldTable.tsx'

export function Lists() {
  const { t } = useLingui()
  const lists = useQuery(listsQuery)
  const first = lists.data?.rows[0]?.id
  // Fields of every list stand in each, so any list tells them.
  const fields = useQuery({ ...fieldsQuery(first ?? 0), enabled: first !== undefined })
  return (
    <AdminPage
      title={t`Lists and fields`}
      description={t`A list holds contacts. Accounts that share a list share their contacts.`}
      calls={[
        { key: 'GET /api/lists' },
        { key: 'POST /api/lists', body: { name: 'Shop' } },
        { key: 'POST /api/fields', body: { name: 'Customer number', type: 'text' } },
      ]}
      actions={<NewList />}
    >
      {lists.isError ? (
        <Failed error={lists.error} onRetry={() => void lists.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<List, number>
            label={t`Lists`}
            rows={lists.data?.rows}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/admin/lists/${id}`}
            columns={[
              { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
              {
                id: 'description',
                title: t`Description`,
                priority: 'low',
                cell: ({ description }) => <Name>{description}</Name>,
              },
              {
                id: 'contacts',
                title: t`Contacts`,
                align: 'end',
                cell: ({ contacts }) => (contacts >= 10_000 ? t`10 000 or more` : contacts),
              },
            ]}
          />
        </Card>
      )}
      <FieldTable
        title={t`Custom fields of every list`}
        fields={fields.data?.rows.filter(({ listId }) => listId === null)}
      >
        <Trans>Such as a customer number. Services send it beside the others by its wire name.</Trans>
      </FieldTable>
    </AdminPage>
  )
}

function NewList() {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <NameDialog
      verb={t`New list`}
      onSave={async (name) => {
        const list = await api('POST /api/lists', { body: { name } })
        await client.invalidateQueries({ queryKey: ['lists'] })
        await navigate({ href: `/admin/lists/${list.id}` })
      }}
    />
  )
}

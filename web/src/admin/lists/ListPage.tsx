/** One contact list: its name and its own custom fields. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { List } from '@patchbay/protocol/api/contacts.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { notFound } from '@tanstack/react-router'
import { api } from '../../api/api.ts'
import { fieldsQuery, listsQuery } from '../../contacts/queries.ts'
import { useId } from '../../shell/useId.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { FormText, FormTextArea } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { FieldTable } from './FieldTable.tsx'

export function ListPage() {
  const { t } = useLingui()
  const id = useId()
  const lists = useQuery(listsQuery)
  const fields = useQuery(fieldsQuery(id)).data?.rows
  if (!lists.data) return <Waiting error={lists.error} />
  const list = lists.data.rows.find((one) => one.id === id)
  if (!list) throw notFound()
  return (
    <AdminPage
      back={{ href: '/admin/lists', label: t`Lists and fields` }}
      history={{ object: 'list', id }}
      title={list.name}
      calls={[
        { key: 'PATCH /api/lists/:id', params: { id }, body: { name: list.name } },
        {
          key: 'POST /api/lists/:id/fields',
          params: { id },
          body: { name: 'Customer number', type: 'text' },
        },
      ]}
      actions={
        <LinkButton href={`/contacts?list=${id}`}>
          <Trans>Show its contacts</Trans>
        </LinkButton>
      }
    >
      <Details key={id} list={list} reload={lists.refetch} />
      <FieldTable
        title={t`Custom fields of this list`}
        fields={fields?.filter(({ listId }) => listId === id)}
        listId={id}
      >
        <Trans>Fields of every list stand on the page before.</Trans>
      </FieldTable>
      <Remove list={list} lists={lists.data.rows} />
    </AdminPage>
  )
}

function Details({ list, reload }: { list: List; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const read = ({ name, description }: List) => ({ name, description })
  const saved = useSavedForm({
    entity: list,
    read,
    stampOf: ({ version }) => version,
    save: async (changes, { id, version }) => {
      const fresh = await api('PATCH /api/lists/:id', { params: { id }, body: { ...changes, version } })
      await client.invalidateQueries({ queryKey: listsQuery.queryKey })
      return fresh
    },
    reload,
  })
  const { control } = saved.form
  return (
    <Card className="max-w-[760px]">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <FormText
          {...{ control, name: 'name' }}
          label={t`Name`}
          rules={{ validate: (value) => Boolean(value.trim()) || t`Write a name.` }}
        />
        <FormTextArea {...{ control, name: 'description' }} label={t`Description`} rows={2} />
      </form>
      <SavedFormBar saved={saved} labels={{ name: t`Name`, description: t`Description` }} />
    </Card>
  )
}

function Remove({ list, lists }: { list: List; lists: readonly List[] }) {
  const { t } = useLingui()
  return (
    <Card title={t`Delete`}>
      <p className="text-text-2">
        <Trans>What belongs to it can belong to another list instead: contacts, fields, accounts.</Trans>
      </p>
      <DeleteUsed
        of="DELETE /api/lists/:id"
        id={list.id}
        others={lists.map(({ id, name }) => ({ id, label: name }))}
        keys={['lists', 'contacts', 'accounts', 'dispositions']}
        to="/admin/lists"
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this list</Trans>
          </Button>
        }
        title={t`Delete ${list.name}?`}
        confirm={t`Delete the list`}
        typeToConfirm={list.name}
      >
        <Trans>What belongs to it can belong to another list instead: contacts, fields, accounts.</Trans>
      </DeleteUsed>
    </Card>
  )
}

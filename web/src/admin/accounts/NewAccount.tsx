/** Making an account takes two answers; all else has a default and is found in its settings. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { List } from '@patchbay/protocol/api/contacts.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { listsQuery } from '../../contacts/queries.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { FormSelect, FormText } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { accountQuery } from '../common/queries.ts'

export function NewAccount() {
  const lists = useQuery(listsQuery)
  return lists.data ? <NewAccountForm lists={lists.data.rows} /> : <Waiting error={lists.error} />
}

function NewAccountForm({ lists }: { lists: readonly List[] }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  // The oldest is the one that came with the installation.
  const listId = Math.min(...lists.map(({ id }) => id))
  const form = useForm({ defaultValues: { name: '', listId } })
  const { control } = form
  const submit = useSubmit(form, async ({ name, listId }) => {
    const account = await api('POST /api/openchannel/accounts', {
      body: { name: name.trim(), listId },
    })
    client.setQueryData(accountQuery(account.id).queryKey, account)
    void client.invalidateQueries({ queryKey: ['accounts', 'list'] })
    await navigate({ href: `/admin/accounts/${account.id}/connect` })
  })
  return (
    <AdminPage
      back={{ href: '/admin/accounts', label: t`Accounts` }}
      title={t`New account`}
      calls={[{ key: 'POST /api/openchannel/accounts', body: { name: 'Nord shop app' } }]}
    >
      <Card className="max-w-[560px]">
        <form
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <FormFault form={form} />
          <FormText
            {...{ control, name: 'name' }}
            autoFocus
            label={t`Name`}
            description={t`What agents see: the shop, app or form that it connects.`}
            rules={{ validate: (value) => Boolean(value?.toString().trim()) || t`Write a name.` }}
          />
          <FormSelect
            {...{ control, name: 'listId' }}
            label={t`Contact list`}
            options={lists.map(({ id, name, description }) => ({ id, label: name, description }))}
            description={t`Where the people who write are kept. Accounts of one list share their contacts.`}
          />
          <div className="flex gap-2">
            <Button type="submit" variant="primary" isPending={form.formState.isSubmitting}>
              <Trans>Make it and connect</Trans>
            </Button>
            <LinkButton href="/admin/accounts" variant="quiet">
              <Trans>Cancel</Trans>
            </LinkButton>
          </div>
        </form>
      </Card>
    </AdminPage>
  )
}

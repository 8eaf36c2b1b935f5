/** Making a user. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useForm, useWatch } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { FormPassword, FormRadio } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { userQuery } from '../common/queries.ts'
import { useUserRules } from './rules.ts'
import { UserFields, type UserValues } from './UserFields.tsx'

export function NewUser() {
  const { t, i18n } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const rules = useUserRules()
  const form = useForm<UserValues & { way: 'mail' | 'password'; password: string }>({
    defaultValues: {
      email: '',
      name: '',
      fullname: '',
      roleId: 0,
      capacity: 5,
      way: 'mail',
      password: '',
    },
  })
  const way = useWatch({ control: form.control, name: 'way' })
  const submit = useSubmit(form, async ({ name, fullname, email, way, password, roleId, ...values }) => {
    const user = await api('POST /api/users', {
      body: {
        ...values,
        // None chosen is what the server gives: Agent.
        ...(roleId ? { roleId } : {}),
        email: email.trim(),
        fullname: fullname.trim(),
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(way === 'password' ? { password } : {}),
        locale: i18n.locale === 'it' ? 'it' : 'en',
      },
    })
    if (user.invited) toast(t`An invitation is on its way to ${user.email}.`, { tone: 'ok' })
    client.setQueryData(userQuery(user.id).queryKey, user)
    void client.invalidateQueries({ queryKey: ['users', 'list'] })
    void client.invalidateQueries({ queryKey: ['users', 'all'] })
    await navigate({ href: `/admin/users/${user.id}` })
  })
  return (
    <AdminPage
      back={{ href: '/admin/users', label: t`Users` }}
      title={t`New user`}
      calls={[{ key: 'POST /api/users', body: { email: 'ada@example.org', fullname: 'Ada' } }]}
    >
      <Card className="max-w-[760px]">
        <form
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <FormFault form={form} />
          <UserFields control={form.control} isNew />
          <FormRadio
            {...{ control: form.control, name: 'way' }}
            label={t`First sign-in`}
            options={[
              {
                id: 'mail',
                label: t`Invite by mail`,
                description: t`A link with which the person chooses a password, in the language of this page.`,
              },
              { id: 'password', label: t`Set a password here` },
            ]}
          />
          {way === 'password' ? (
            <FormPassword
              {...{ control: form.control, name: 'password' }}
              label={t`Password`}
              autoComplete="new-password"
              description={t`12 characters or more. Tell it to the person by a safe way.`}
              rules={{ validate: (value) => rules.password(String(value), form.getValues('email')) }}
            />
          ) : null}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" isPending={form.formState.isSubmitting}>
              <Trans>Make the user</Trans>
            </Button>
            <LinkButton href="/admin/users" variant="quiet">
              <Trans>Cancel</Trans>
            </LinkButton>
          </div>
        </form>
      </Card>
    </AdminPage>
  )
}

/** A new password for oneself. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { FormPassword } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { useUserRules } from '../people/rules.ts'

export function OwnPassword() {
  const { t } = useLingui()
  const { email } = useMe()
  const client = useQueryClient()
  const rules = useUserRules()
  const form = useForm({ defaultValues: { currentPassword: '', password: '' } })
  const { control } = form
  const submit = useSubmit(form, async (body) => {
    await api('PATCH /api/me', { body })
    form.reset()
    toast(t`The password is changed. You are signed out everywhere else.`, { tone: 'ok' })
    void client.invalidateQueries({ queryKey: ['sessions'] })
  })
  return (
    <Card title={t`Password`}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <FormFault form={form} />
        <FormPassword
          {...{ control, name: 'currentPassword' }}
          label={t`Current password`}
          autoComplete="current-password"
          className="max-w-[360px]"
          rules={{ required: t`Write it.` }}
        />
        <FormPassword
          {...{ control, name: 'password' }}
          label={t`New password`}
          autoComplete="new-password"
          className="max-w-[360px]"
          description={t`12 characters or more. You stay signed in here, and nowhere else.`}
          rules={{ validate: (value) => rules.password(value, email) }}
        />
        <Button type="submit" className="self-start" isPending={form.formState.isSubmitting}>
          <Trans>Change the password</Trans>
        </Button>
      </form>
    </Card>
  )
}

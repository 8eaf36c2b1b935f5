/** Turning the second factor off: takes the password and a code. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormPassword, FormText } from '../../ui/FormFields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { secondFactorQuery } from './queries.ts'

export function TurnOffDialog() {
  const { t } = useLingui()
  return (
    <Dialog
      size="small"
      title={t`Turn off the second factor?`}
      trigger={
        <Button className="text-bad-text">
          <Trans>Turn it off…</Trans>
        </Button>
      }
    >
      {(close) => <TurnOffForm onDone={close} />}
    </Dialog>
  )
}

function TurnOffForm({ onDone }: { onDone: () => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const form = useForm({ defaultValues: { currentPassword: '', code: '' } })
  const { control } = form
  const submit = useSubmit(form, async (body) => {
    client.setQueryData(secondFactorQuery.queryKey, await api('POST /api/me/second-factor/off', { body }))
    onDone()
    toast(t`The second factor is off.`)
  })
  return (
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
        label={t`Your password`}
        autoComplete="current-password"
        rules={{ required: t`Write it.` }}
      />
      <FormText
        {...{ control, name: 'code' }}
        label={t`Code`}
        description={t`Of your authenticator, or a recovery code.`}
        autoComplete="one-time-code"
        isMono
        rules={{ required: t`Write it.` }}
      />
      <Button
        type="submit"
        variant="danger"
        size="large"
        className="self-start"
        isPending={form.formState.isSubmitting}
      >
        <Trans>Turn it off</Trans>
      </Button>
    </form>
  )
}

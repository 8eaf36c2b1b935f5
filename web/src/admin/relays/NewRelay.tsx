/** Activating this server at a relay: its address and the one-time code of its operator. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'

/** `isKnown`: a relay knows this server already, and a further one of its operator may need no code. */
export function NewRelay({ isKnown }: { isKnown: boolean }) {
  const { t } = useLingui()
  return (
    <FormDialog
      title={t`Add a relay`}
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>Add a relay</Trans>
        </Button>
      }
      confirm={t`Activate`}
    >
      {(frame) => <RelayForm frame={frame} isKnown={isKnown} />}
    </FormDialog>
  )
}

function RelayForm({ frame, isKnown }: { frame: Frame; isKnown: boolean }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const form = useForm({ defaultValues: { url: '', code: '' } })
  const { control } = form
  const submit = useSubmit(form, async ({ url, code }) => {
    const given = code.trim()
    await api('POST /api/relays', { body: { url: url.trim(), ...(given ? { code: given } : {}) } })
    void client.invalidateQueries({ queryKey: ['relays'] })
    frame.close()
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      <FormText
        {...{ control, name: 'url' }}
        autoFocus
        label={t`Address of the relay`}
        description={t`As its operator told it, such as https://relay.example.com.`}
        rules={{ validate: (value) => URL.canParse(String(value).trim()) || t`Write a whole address.` }}
      />
      <FormText
        {...{ control, name: 'code' }}
        label={t`One-time code`}
        description={
          isKnown
            ? t`Leave it empty for a further address of an operator who knows this server already.`
            : t`It works once and for a day.`
        }
        rules={{ validate: (value) => isKnown || Boolean(String(value).trim()) || t`Write the code.` }}
      />
    </DialogForm>
  )
}

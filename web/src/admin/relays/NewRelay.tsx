/** Activating this server at a relay: its address and the one-time code of its operator. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { FormFault } from '../common/FormFault.tsx'

/** `isKnown`: a relay knows this server already, and a further one of its operator may need no code. */
export function NewRelay({ isKnown }: { isKnown: boolean }) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      title={t`Add a relay`}
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>Add a relay</Trans>
        </Button>
      }
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Activate</Trans>
          </Button>
        </>
      )}
    >
      {(close) => <RelayForm id={id} isKnown={isKnown} onMade={close} />}
    </Dialog>
  )
}

function RelayForm({ id, isKnown, onMade }: { id: string; isKnown: boolean; onMade: () => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const form = useForm({ defaultValues: { url: '', code: '' } })
  const { control } = form
  const submit = useSubmit(form, async ({ url, code }) => {
    const given = code.trim()
    await api('POST /api/relays', { body: { url: url.trim(), ...(given ? { code: given } : {}) } })
    void client.invalidateQueries({ queryKey: ['relays'] })
    onMade()
  })
  return (
    <form
      id={id}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <FormFault form={form} />
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
    </form>
  )
}

/** Makes a thing that needs no more than a name. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Plus } from 'lucide-react'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { FormFault } from './FormFault.tsx'

export interface NameDialogProps {
  /** Stands on the button and in the title: “New queue”. */
  verb: string
  description?: string
  onSave: (name: string) => Promise<unknown>
}

export function NameDialog({ verb, description, onSave }: NameDialogProps) {
  const id = useId()
  return (
    <Dialog
      title={verb}
      size="small"
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          {verb}
        </Button>
      }
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Make it</Trans>
          </Button>
        </>
      )}
    >
      {(close) => (
        <NameForm
          id={id}
          description={description}
          onSave={async (name) => {
            await onSave(name)
            close()
          }}
        />
      )}
    </Dialog>
  )
}

function NameForm({
  id,
  description,
  onSave,
}: {
  id: string
  description: string | undefined
  onSave: (name: string) => Promise<unknown>
}) {
  const { t } = useLingui()
  const form = useForm({ defaultValues: { name: '' } })
  const submit = useSubmit(form, ({ name }) => onSave(name.trim()))
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
        {...{ control: form.control, name: 'name' }}
        autoFocus
        label={t`Name`}
        description={description}
        rules={{ validate: (value) => Boolean(value.trim()) || t`Write a name.` }}
      />
    </form>
  )
}

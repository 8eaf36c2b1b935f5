/** Makes a thing that needs no more than a name, or renames it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Plus } from 'lucide-react'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { FormFault } from './FormFault.tsx'

export interface NameDialogProps {
  /** Stands on the button and in the title: “New queue”. */
  verb: string
  description?: string
  /** Of a thing that has a name already. */
  name?: string
  /** In place of the button that says the verb. */
  trigger?: TriggerElement
  onSave: (name: string) => Promise<unknown>
}

export function NameDialog({ verb, description, name = '', trigger, onSave }: NameDialogProps) {
  const id = useId()
  return (
    <Dialog
      title={verb}
      size="small"
      trigger={
        trigger ?? (
          <Button variant="primary" icon={<Plus aria-hidden />}>
            {verb}
          </Button>
        )
      }
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            {name === '' ? <Trans>Make it</Trans> : <Trans>Save</Trans>}
          </Button>
        </>
      )}
    >
      {(close) => (
        <NameForm
          id={id}
          name={name}
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
  name,
  description,
  onSave,
}: {
  id: string
  name: string
  description: string | undefined
  onSave: (name: string) => Promise<unknown>
}) {
  const { t } = useLingui()
  const form = useForm({ defaultValues: { name } })
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

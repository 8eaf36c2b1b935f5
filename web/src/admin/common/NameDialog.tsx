/** Makes a thing that needs no more than a name, or renames it. */
import { useLingui } from '@lingui/react/macro'
import { Plus } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { DialogForm, FormDialog, type Frame } from './FormDialog.tsx'

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
  const { t } = useLingui()
  return (
    <FormDialog
      title={verb}
      size="small"
      trigger={
        trigger ?? (
          <Button variant="primary" icon={<Plus aria-hidden />}>
            {verb}
          </Button>
        )
      }
      confirm={name === '' ? t`Make it` : t`Save`}
    >
      {(frame) => <NameForm frame={frame} name={name} description={description} onSave={onSave} />}
    </FormDialog>
  )
}

interface NameFormProps extends Pick<NameDialogProps, 'onSave'> {
  frame: Frame
  name: string
  description: string | undefined
}

function NameForm({ frame, name, description, onSave }: NameFormProps) {
  const { t } = useLingui()
  const form = useForm({ defaultValues: { name } })
  const submit = useSubmit(form, async ({ name }) => {
    await onSave(name.trim())
    frame.close()
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      <FormText
        {...{ control: form.control, name: 'name' }}
        autoFocus
        label={t`Name`}
        description={description}
        rules={{ validate: (value) => Boolean(value.trim()) || t`Write a name.` }}
      />
    </DialogForm>
  )
}

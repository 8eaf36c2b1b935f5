/** Adding a custom field, or changing one; its type stays what it was. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Field } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormSelect, FormSwitch, FormText, FormTextArea } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { useFieldTypes } from './useFieldTypes.ts'

export interface FieldDialogProps {
  trigger: TriggerElement
  /** The one to change; without, a new one is made. */
  field?: Field
  /** The list of the new one; without, every list. */
  listId?: number
}

export function FieldDialog({ trigger, ...form }: FieldDialogProps) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      trigger={trigger}
      title={form.field ? t`Change the field` : t`New field`}
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Save</Trans>
          </Button>
        </>
      )}
    >
      {(close) => <FieldForm id={id} {...form} onDone={close} />}
    </Dialog>
  )
}

function FieldForm({
  id,
  field,
  listId,
  onDone,
}: Omit<FieldDialogProps, 'trigger'> & { id: string; onDone: () => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const types = useFieldTypes()
  const form = useForm<{ name: string; type: Field['type']; required: boolean; options: string }>({
    defaultValues: {
      name: field?.name ?? '',
      type: field?.type ?? 'text',
      required: field?.required ?? false,
      options: field?.options.join('\n') ?? '',
    },
  })
  const { control } = form
  const isSelect = form.watch('type') === 'select'
  const submit = useSubmit(form, async ({ name, type, required, options }) => {
    const body = {
      name: name.trim(),
      required,
      ...(type === 'select' ? { options: optionsOf(options) } : {}),
    }
    if (field) await api('PATCH /api/fields/:id', { params: { id: field.id }, body })
    else if (listId === undefined) await api('POST /api/fields', { body: { ...body, type } })
    else await api('POST /api/lists/:id/fields', { params: { id: listId }, body: { ...body, type } })
    await client.invalidateQueries({ queryKey: ['lists'] })
    onDone()
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
        {...{ control, name: 'name' }}
        autoFocus
        label={t`Name`}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
      {field ? null : (
        <FormSelect
          {...{ control, name: 'type' }}
          label={t`Type`}
          description={t`It cannot be changed afterwards.`}
          options={Object.entries(types).map(([type, label]) => ({ id: type, label }))}
        />
      )}
      {isSelect ? (
        <FormTextArea
          {...{ control, name: 'options' }}
          label={t`Options`}
          description={t`One on each line.`}
          rules={{
            validate: (value) => optionsOf(String(value)).length > 0 || t`Write at least one option.`,
          }}
        />
      ) : null}
      <FormSwitch
        {...{ control, name: 'required' }}
        description={t`A contact cannot be saved at the desk without it.`}
      >
        {t`Needed`}
      </FormSwitch>
    </form>
  )
}

function optionsOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)
}

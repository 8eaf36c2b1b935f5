/** Adding a custom field, or changing one; its type stays what it was. */
import { useLingui } from '@lingui/react/macro'
import type { Field } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { FormSelect, FormSwitch, FormText, FormTextArea } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
import { MergeChoice } from '../common/MergeChoice.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
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
  return (
    <FormDialog trigger={trigger} title={form.field ? t`Change the field` : t`New field`}>
      {(frame) => <FieldForm frame={frame} {...form} />}
    </FormDialog>
  )
}

type Draft = Pick<Field, 'id' | 'name' | 'type' | 'required' | 'options' | 'link' | 'version'>
const blank: Draft = { id: 0, name: '', type: 'text', required: false, options: [], link: '', version: 0 }

interface Values {
  name: string
  type: Field['type']
  required: boolean
  /** One on each line. */
  options: string
  link: string
}

function FieldForm({ frame, field, listId }: Omit<FieldDialogProps, 'trigger'> & { frame: Frame }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const types = useFieldTypes()
  const reload = () => client.invalidateQueries({ queryKey: ['lists'] })
  const { form, submit, conflict } = useSavedForm<Draft, Values>({
    entity: field ?? blank,
    read: ({ name, type, required, link, options }) => ({
      name,
      type,
      required,
      link,
      options: options.join('\n'),
    }),
    stampOf: ({ version }) => version,
    save: async (changes, base) => {
      const body = {
        ...(changes.name !== undefined && { name: changes.name.trim() }),
        ...(changes.required !== undefined && { required: changes.required }),
        ...(changes.options !== undefined && { options: optionsOf(changes.options) }),
        ...(changes.link !== undefined && { link: changes.link.trim() }),
      }
      const made = { name: '', ...body, type: changes.type ?? base.type }
      const fresh =
        base.id > 0
          ? await api('PATCH /api/fields/:id', {
              params: { id: base.id },
              body: { ...body, version: base.version },
            })
          : listId === undefined
            ? await api('POST /api/fields', { body: made })
            : await api('POST /api/lists/:id/fields', { params: { id: listId }, body: made })
      await reload()
      frame.close()
      return fresh
    },
    reload,
  })
  const { control } = form
  const isSelect = form.watch('type') === 'select'
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      {conflict ? (
        <MergeChoice
          conflict={conflict}
          labels={{ name: t`Name`, required: t`Needed`, options: t`Options`, link: t`A click opens` }}
        />
      ) : null}
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
      <FormText
        {...{ control, name: 'link' }}
        label={t`A click opens`}
        isMono
        placeholder="https://api.example.com/orders/{{value}}"
        description={t`An address with ${place} in it, also tel: or mailto:. Empty: nothing.`}
        rules={{
          validate: (value) =>
            isLink(String(value).trim()) || t`Begin with https:, tel: or mailto:, and put ${place} in it.`,
        }}
      />
      <FormSwitch
        {...{ control, name: 'required' }}
        description={t`A contact cannot be saved at the desk without it.`}
      >
        {t`Needed`}
      </FormSwitch>
    </DialogForm>
  )
}

// What stands for the value; words with braces in them are the translator's own.
const place = '{{value}}'

/** As the server takes it. */
function isLink(text: string): boolean {
  return text === '' || (/^(https?:\/\/|tel:|mailto:|sips?:)/.test(text) && text.includes(place))
}

function optionsOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)
}

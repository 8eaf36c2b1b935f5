/** Changing a contact. The fields used most stand first; those that are empty come on demand. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Contact, Field } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../api/api.ts'
import { useSubmit } from '../api/useSubmit.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { FormText, FormTextArea } from '../ui/FormFields.tsx'
import { CustomField } from './CustomField.tsx'
import {
  changesOf,
  fieldWords,
  mainFields,
  type TextField,
  textFields,
  type Values,
  valuesOf,
} from './fields.ts'
import { contactQuery } from './queries.ts'

export interface ContactFormProps {
  contact: Contact
  custom: readonly Field[]
  onDone: () => void
}

export default function ContactForm({ contact, custom, onDone }: ContactFormProps) {
  const { i18n, t } = useLingui()
  const client = useQueryClient()
  const [before] = useState(() => valuesOf(contact, custom))
  const [hasAll, setAll] = useState(false)
  const form = useForm<Values>({ defaultValues: before })
  const submit = useSubmit(form, async (values) => {
    const body = changesOf(before, values, custom)
    if (Object.keys(body).length > 0) {
      const saved = await api('PATCH /api/contacts/:id', { params: { id: contact.id }, body })
      client.setQueryData(contactQuery(contact.id).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['contacts'] })
    }
    onDone()
  })
  const { control } = form
  const isShown = (name: TextField) => hasAll || mainFields.has(name) || Boolean(before[name])
  const fault = form.formState.errors.root?.message
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      aria-label={t`Contact`}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
    >
      {fault ? (
        <Banner tone="bad" isInset>
          {fault}
        </Banner>
      ) : null}
      {textFields
        .filter(isShown)
        .map((name) =>
          name === 'description' ? (
            <FormTextArea key={name} {...{ control, name }} label={i18n._(fieldWords[name])} />
          ) : (
            <FormText
              key={name}
              {...{ control, name }}
              label={i18n._(fieldWords[name])}
              autoComplete="off"
              autoFocus={name === 'firstName'}
            />
          ),
        )}
      {hasAll ? null : (
        <Button size="small" variant="quiet" className="self-start" onPress={() => setAll(true)}>
          <Trans>More fields</Trans>
        </Button>
      )}
      {custom.map((field) => (
        <CustomField key={field.id} field={field} control={control} />
      ))}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" isPending={form.formState.isSubmitting}>
          <Trans>Save</Trans>
        </Button>
        <Button variant="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  )
}

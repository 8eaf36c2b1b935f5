/** Making a key: its name, what it may, until when. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Scope } from '@patchbay/protocol/endpoint.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { Controller, useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckboxGroup } from '../../ui/Choice.tsx'
import { FormRadio, FormSelect, FormText } from '../../ui/FormFields.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
import type { FreshKey } from './ShownOnce.tsx'
import { allScopes, expiryOf, isOffered, scopeWords, suggested } from './scopes.ts'

export function NewKey({ onMade }: { onMade: (key: FreshKey) => void }) {
  const { t } = useLingui()
  return (
    <FormDialog
      title={t`New key`}
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>New key</Trans>
        </Button>
      }
      confirm={t`Make the key`}
    >
      {(frame) => <KeyForm frame={frame} onMade={onMade} />}
    </FormDialog>
  )
}

interface KeyValues {
  name: string
  rights: 'some' | 'all'
  scopes: Scope[]
  days: number
}

function KeyForm({ frame, onMade }: { frame: Frame; onMade: (key: FreshKey) => void }) {
  const { t, i18n } = useLingui()
  const client = useQueryClient()
  const { permissions: mine } = useMe()
  const form = useForm<KeyValues>({
    defaultValues: { name: '', rights: 'some', scopes: [...suggested], days: 0 },
  })
  const { control } = form
  const submit = useSubmit(form, async ({ name, rights, scopes, days }) => {
    const made = await api('POST /api/keys', {
      body: {
        name: name.trim(),
        scopes: rights === 'all' ? null : scopes,
        expiresAt: expiryOf(days, Date.now()),
      },
    })
    void client.invalidateQueries({ queryKey: ['keys'] })
    frame.close()
    onMade(made)
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      <FormText
        {...{ control, name: 'name' }}
        autoFocus
        label={t`Name`}
        description={t`The service that will use it.`}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
      <FormRadio
        {...{ control, name: 'rights' }}
        label={t`Rights`}
        options={[
          { id: 'some', label: t`Only these scopes` },
          {
            id: 'all',
            label: t`All rights of its user`,
            description: t`Who has the key can do what you can.`,
          },
        ]}
      />
      {form.watch('rights') === 'some' ? (
        <Controller
          control={control}
          name="scopes"
          rules={{ validate: (value) => value.length > 0 || t`Choose at least one.` }}
          render={({ field, fieldState }) => (
            <CheckboxGroup
              label={t`Scopes`}
              description={t`Files and messages are ticked: enough for a service that is connected.`}
              value={field.value}
              onChange={(chosen) => field.onChange(allScopes.filter((scope) => chosen.includes(scope)))}
              error={fieldState.error?.message}
              options={allScopes
                .filter((scope) => isOffered(scope, mine))
                .map((scope) => ({ id: scope, label: scope, description: i18n._(scopeWords[scope]) }))}
            />
          )}
        />
      ) : null}
      <FormSelect
        {...{ control, name: 'days' }}
        label={t`Ends`}
        options={[
          { id: 0, label: t`Never` },
          { id: 30, label: t`In 30 days` },
          { id: 90, label: t`In 90 days` },
          { id: 365, label: t`In a year` },
        ]}
      />
    </DialogForm>
  )
}

/** Making a disposition, renaming one, or moving it to another place or scope. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormSelect, FormText } from '../../ui/FormFields.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { ownIds, type ScopeKind, scopeOf } from './tree.ts'
import { useScopes } from './useScopes.ts'

export interface Editing {
  /** The one to change; without, a new one is made. */
  row?: Disposition | undefined
  /** Of a new one. */
  parent?: Disposition
}

interface DispositionDialogProps {
  editing: Editing
  rows: readonly Disposition[]
  onDone: () => void
}

export function DispositionDialog({ editing, rows, onDone }: DispositionDialogProps) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onDone()}
      size="small"
      title={editing.row ? t`Change the disposition` : t`New disposition`}
      footer={
        <>
          <Button size="large" onPress={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Save</Trans>
          </Button>
        </>
      }
    >
      <Form {...{ id, editing, rows, onDone }} />
    </Dialog>
  )
}

const LEVELS = 3

interface Values {
  name: string
  /** 0: on the first level. */
  parentId: number
  kind: ScopeKind
  scopeId: number
}

function Form({ id, editing: { row, parent }, rows, onDone }: DispositionDialogProps & { id: string }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const { kinds, choices } = useScopes()
  const scope = row ? scopeOf(row) : { kind: 'global' as const, id: 0 }
  const form = useForm<Values>({
    defaultValues: {
      name: row?.name ?? '',
      parentId: row?.parentId ?? parent?.id ?? 0,
      kind: scope.kind,
      scopeId: scope.id,
    },
  })
  const { control, watch, setValue } = form
  const [parentId, kind, scopeId] = watch(['parentId', 'kind', 'scopeId'])
  const submit = useSubmit(form, async (values) => {
    const chosen = { list: 'listId', account: 'accountId', queue: 'queueId', global: '' }[values.kind]
    const isFirst = values.parentId === 0
    const ofScope = {
      listId: null,
      accountId: null,
      queueId: null,
      ...(chosen && { [chosen]: values.scopeId }),
    }
    const body = {
      name: values.name.trim(),
      parentId: isFirst ? null : values.parentId,
      ...(isFirst && ofScope),
    }
    if (row) await api('PATCH /api/dispositions/:id', { params: { id: row.id }, body })
    else await api('POST /api/dispositions', { body })
    await client.invalidateQueries({ queryKey: ['dispositions'] })
    onDone()
  })
  const below = new Set(ownIds(rows, row?.id))
  const parents = rows.filter((one) => one.level < LEVELS && !below.has(one.id))
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
      <ComboBox
        label={t`Stands below`}
        value={parentId}
        onChange={(value) => setValue('parentId', value ?? 0)}
        options={[
          { id: 0, label: t`Nothing: first level` },
          ...parents.map((one) => ({ id: one.id, label: one.path })),
        ]}
      />
      {parentId === 0 ? (
        <>
          <FormSelect
            {...{ control, name: 'kind' }}
            label={t`For`}
            options={(['global', 'list', 'account', 'queue'] as const).map((one) => ({
              id: one,
              label: kinds[one],
            }))}
          />
          {kind === 'global' ? null : (
            <ComboBox
              label={kinds[kind]}
              value={choices[kind].some((one) => one.id === scopeId) ? scopeId : null}
              onChange={(value) => setValue('scopeId', value ?? 0)}
              options={choices[kind].map((one) => ({ id: one.id, label: one.name }))}
            />
          )}
        </>
      ) : null}
    </form>
  )
}

/** Making a disposition, renaming one, or moving it to another place or scope. */
import { useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { FormSelect, FormText } from '../../ui/FormFields.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
import { MergeChoice } from '../common/MergeChoice.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
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
  return (
    <FormDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onDone()}
      size="small"
      title={editing.row ? t`Change the disposition` : t`New disposition`}
    >
      {(frame) => <Form frame={frame} editing={editing} rows={rows} />}
    </FormDialog>
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

function placeIn({ parentId, kind, scopeId }: Values) {
  if (parentId !== 0) return { parentId }
  const chosen = { list: 'listId', account: 'accountId', queue: 'queueId', global: '' }[kind]
  return {
    parentId: null,
    listId: null,
    accountId: null,
    queueId: null,
    ...(chosen && { [chosen]: scopeId }),
  }
}

function Form({
  frame,
  editing: { row, parent },
  rows,
}: Omit<DispositionDialogProps, 'onDone'> & { frame: Frame }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const { kinds, choices } = useScopes()
  const read = (one: Disposition | null): Values => {
    const scope = one ? scopeOf(one) : { kind: 'global' as const, id: 0 }
    return {
      name: one?.name ?? '',
      parentId: one ? (one.parentId ?? 0) : (parent?.id ?? 0),
      kind: scope.kind,
      scopeId: scope.id,
    }
  }
  const reload = () => client.invalidateQueries({ queryKey: ['dispositions'] })
  const { form, submit, conflict } = useSavedForm<Disposition | null, Values>({
    entity: rows.find((one) => one.id === row?.id) ?? null,
    read,
    stampOf: (one) => one?.version ?? 0,
    save: async (changes, base) => {
      const isMoved =
        changes.parentId !== undefined || changes.kind !== undefined || changes.scopeId !== undefined
      const values = { ...read(base), ...changes }
      const body = {
        ...((isMoved || !base) && placeIn(values)),
        ...(changes.name !== undefined && { name: changes.name.trim() }),
      }
      const fresh = base
        ? await api('PATCH /api/dispositions/:id', {
            params: { id: base.id },
            body: { ...body, version: base.version },
          })
        : await api('POST /api/dispositions', { body: { name: '', ...body } })
      await reload()
      frame.close()
      return fresh
    },
    reload,
  })
  const { control, watch, setValue } = form
  const [parentId, kind, scopeId] = watch(['parentId', 'kind', 'scopeId'])
  const below = new Set(ownIds(rows, row?.id))
  const parents = rows.filter((one) => one.level < LEVELS && !below.has(one.id))
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      {conflict ? (
        <MergeChoice
          conflict={conflict}
          labels={{ name: t`Name`, parentId: t`Stands below`, kind: t`For`, scopeId: t`For` }}
        />
      ) : null}
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
    </DialogForm>
  )
}

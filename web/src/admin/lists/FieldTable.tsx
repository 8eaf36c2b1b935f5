/** Custom fields with their wire names, to add, change and delete. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Field } from '@patchbay/protocol/api/contacts.ts'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { nameOfCustom } from '../../contacts/fields.ts'
import { Id, Name } from '../../ui/Bidi.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { FieldDialog } from './FieldDialog.tsx'
import { useFieldTypes } from './useFieldTypes.ts'

export interface FieldTableProps {
  title: string
  fields: readonly Field[] | undefined
  /** The list that new fields belong to; without, to every list. */
  listId?: number
  /** What stands there while there are none. */
  children: ReactNode
}

export function FieldTable({ title, fields, listId, children }: FieldTableProps) {
  const { t } = useLingui()
  const types = useFieldTypes()
  return (
    <Card
      isFlush
      title={title}
      meta={
        <FieldDialog
          {...(listId === undefined ? {} : { listId })}
          trigger={
            <Button size="small" icon={<Plus aria-hidden />}>
              <Trans>Add a field</Trans>
            </Button>
          }
        />
      }
    >
      <DataTable<Field, number>
        label={title}
        rows={fields}
        rowId={({ id }) => id}
        empty={<EmptyState title={t`No custom field`}>{children}</EmptyState>}
        columns={[
          { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
          {
            id: 'wire',
            title: t`Wire name`,
            cell: (field) => (
              <span className="flex items-center gap-2">
                <Id isMono>{nameOfCustom(field)}</Id>
                <CopyButton text={nameOfCustom(field)} />
              </span>
            ),
          },
          { id: 'type', title: t`Type`, priority: 'low', cell: ({ type }) => types[type] },
          {
            id: 'required',
            title: t`Needed`,
            priority: 'low',
            cell: ({ required }) => (required ? t`Yes` : t`No`),
          },
          {
            id: 'actions',
            title: t`Actions`,
            isTitleHidden: true,
            align: 'end',
            cell: (field) => <Actions field={field} fields={fields ?? []} />,
          },
        ]}
      />
    </Card>
  )
}

function Actions({ field, fields }: { field: Field; fields: readonly Field[] }) {
  const { t } = useLingui()
  const alike = fields.filter(({ type }) => type === field.type)
  return (
    <span className="inline-flex">
      <FieldDialog
        field={field}
        trigger={<IconButton label={t`Change ${field.name}`} icon={<Pencil aria-hidden />} />}
      />
      <DeleteUsed
        of="DELETE /api/fields/:id"
        id={field.id}
        others={alike.map(({ id, name }) => ({ id, label: name }))}
        keys={['lists', 'contact', 'contacts', 'accounts', 'triggers']}
        trigger={<IconButton label={t`Delete ${field.name}`} icon={<Trash2 aria-hidden />} />}
        title={t`Delete ${field.name}?`}
        confirm={t`Delete the field`}
        typeToConfirm={field.name}
      >
        <Trans>Its values are deleted from every contact. This cannot be undone.</Trans>
      </DeleteUsed>
    </span>
  )
}

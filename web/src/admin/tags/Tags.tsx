/** Tags of interactions: name and colour. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Tag as TagRow } from '@patchbay/protocol/api/contacts.ts'
import { useQuery } from '@tanstack/react-query'
import { Pencil, Plus, Tags as TagsIcon, Trash2 } from 'lucide-react'
import { Failed } from '../../shell/Failed.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { tagsQuery } from '../common/queries.ts'
import { TagDialog } from './TagDialog.tsx'
import { useColors } from './useColors.ts'

export function Tags() {
  const { t } = useLingui()
  const colors = useColors()
  const tags = useQuery(tagsQuery)
  const isEmpty = tags.data?.length === 0
  const add = (
    <TagDialog
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>New tag</Trans>
        </Button>
      }
    />
  )
  return (
    <AdminPage
      history={{ object: 'tag' }}
      title={t`Tags`}
      description={t`Agents put them on interactions, to find and count them.`}
      calls={[{ key: 'GET /api/tags' }, { key: 'POST /api/tags', body: { name: 'VIP', color: 'accent' } }]}
      actions={isEmpty ? undefined : add}
    >
      {tags.isError ? (
        <Failed error={tags.error} onRetry={() => void tags.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<TagRow, number>
            label={t`Tags`}
            rows={tags.data}
            rowId={({ id }) => id}
            empty={
              <EmptyState icon={<TagsIcon aria-hidden />} title={t`No tag yet`} action={add}>
                <Trans>Such as VIP, refund or spam.</Trans>
              </EmptyState>
            }
            columns={[
              {
                id: 'name',
                title: t`Name`,
                cell: ({ name, color }) => (
                  <Tag tone={color}>
                    <bdi>{name}</bdi>
                  </Tag>
                ),
              },
              { id: 'color', title: t`Colour`, cell: ({ color }) => colors[color] },
              {
                id: 'actions',
                title: t`Actions`,
                isTitleHidden: true,
                align: 'end',
                cell: (tag) => <Actions tag={tag} tags={tags.data ?? []} />,
              },
            ]}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function Actions({ tag, tags }: { tag: TagRow; tags: readonly TagRow[] }) {
  const { t } = useLingui()
  return (
    <span className="inline-flex">
      <TagDialog
        tag={tag}
        trigger={<IconButton label={t`Change ${tag.name}`} icon={<Pencil aria-hidden />} />}
      />
      <DeleteUsed
        of="DELETE /api/tags/:id"
        id={tag.id}
        others={tags.map(({ id, name }) => ({ id, label: name }))}
        keys={['tags']}
        trigger={<IconButton label={t`Delete ${tag.name}`} icon={<Trash2 aria-hidden />} />}
        title={t`Delete ${tag.name}?`}
        confirm={t`Delete the tag`}
      >
        <Trans>Agents can put it on nothing any more.</Trans>
      </DeleteUsed>
    </span>
  )
}

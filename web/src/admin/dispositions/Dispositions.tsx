/** Dispositions: trees of how interactions end, for all or for a list, an account or a queue. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ListChecks, Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { toast } from '../../ui/Toast.tsx'
import { type TreeNode, TreeView } from '../../ui/TreeView.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { dispositionsQuery } from '../common/queries.ts'
import { DeleteDisposition } from './DeleteDisposition.tsx'
import { DispositionDialog, type Editing } from './DispositionDialog.tsx'
import { LineActions } from './LineActions.tsx'
import { type Branch, type Place, placeAt, toTree } from './tree.ts'
import { useScopes } from './useScopes.ts'

export function Dispositions() {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const query = useQuery(dispositionsQuery)
  const { words } = useScopes()
  const [shown, setShown] = useState('')
  const [editing, setEditing] = useState<Editing>()
  const [deleting, setDeleting] = useState<Disposition>()
  const rows = query.data ?? []
  const byId = new Map(rows.map((row) => [row.id, row]))
  const roots = toTree(rows)
  const scopes = [...new Set(roots.map(({ row }) => words(row)))]
  const move = (id: number, place: Place) =>
    void api('PATCH /api/dispositions/:id', { params: { id }, body: place })
      .catch((error: unknown) => toast(problem(error), { tone: 'bad' }))
      .then(() => client.invalidateQueries({ queryKey: ['dispositions'] }))

  const toNode = ({ row, below }: Branch, siblings: readonly Branch[]): TreeNode => ({
    id: row.id,
    label: row.name,
    ...(row.level === 1 && { mark: <Tag>{words(row)}</Tag> }),
    actions: (
      <LineActions
        row={row}
        isLast={siblings.every((other) => other.row.position <= row.position)}
        onMove={(position) => move(row.id, { parentId: row.parentId, position })}
        onAdd={() => setEditing({ parent: row })}
        onChange={() => setEditing({ row })}
        onDelete={() => setDeleting(row)}
      />
    ),
    children: below.map((branch) => toNode(branch, below)),
  })
  const nodes = roots
    .filter(({ row }) => shown === '' || words(row) === shown)
    .map((branch) =>
      toNode(
        branch,
        roots.filter(({ row }) => words(row) === words(branch.row)),
      ),
    )
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden />} onPress={() => setEditing({})}>
      <Trans>New disposition</Trans>
    </Button>
  )
  return (
    <AdminPage
      history={{ object: 'disposition' }}
      title={t`Dispositions`}
      description={t`How interactions end, in up to three levels. Agents choose one when they close; an account or a queue may ask for it in its settings.`}
      calls={[
        { key: 'GET /api/dispositions' },
        { key: 'POST /api/dispositions', body: { name: 'Sale' } },
        { key: 'POST /api/dispositions', body: { name: 'Won', parentId: 1 } },
      ]}
      actions={rows.length === 0 ? undefined : add}
    >
      {query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {scopes.length > 1 ? (
            <Select
              label={t`Show`}
              className="max-w-[360px]"
              value={shown}
              onChange={setShown}
              options={[{ id: '', label: t`All` }, ...scopes.map((scope) => ({ id: scope, label: scope }))]}
            />
          ) : null}
          <Card isFlush>
            {query.isPending ? (
              <div className="p-4">
                <SkeletonLines lines={5} />
              </div>
            ) : rows.length === 0 ? (
              <EmptyState icon={<ListChecks aria-hidden />} title={t`No disposition yet`} action={add}>
                <Trans>
                  Such as Sale, Complaint or Spam. Until there is one, interactions close without asking.
                </Trans>
              </EmptyState>
            ) : (
              <TreeView
                label={t`Dispositions`}
                nodes={nodes}
                onOpen={(id) => setEditing({ row: byId.get(id) })}
                onMove={(id, { id: targetId, place }) => {
                  const [row, target] = [byId.get(id), byId.get(targetId)]
                  if (row && target) move(id, placeAt(row, target, place))
                }}
              />
            )}
          </Card>
        </>
      )}
      {editing ? (
        <DispositionDialog editing={editing} rows={rows} onDone={() => setEditing(undefined)} />
      ) : null}
      {deleting ? (
        <DeleteDisposition row={deleting} rows={rows} onDone={() => setDeleting(undefined)} />
      ) : null}
    </AdminPage>
  )
}

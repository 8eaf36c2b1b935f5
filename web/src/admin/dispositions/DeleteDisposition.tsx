/** Deleting a disposition: what goes with it, and which one takes its place. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { ownIds } from './tree.ts'

interface DeleteDispositionProps {
  row: Disposition
  rows: readonly Disposition[]
  onDone: () => void
}

export function DeleteDisposition({ row, rows, onDone }: DeleteDispositionProps) {
  const { t } = useLingui()
  const uses = useQuery({
    queryKey: ['dispositions', 'uses', row.id],
    queryFn: () => api('GET /api/dispositions/:id/uses', { params: { id: row.id } }),
    staleTime: 0,
  })
  const { interactions = 0, below = 0 } = uses.data ?? {}
  const own = new Set(ownIds(rows, row.id))
  const others = rows.filter(({ id }) => !own.has(id))
  return (
    <DeleteUsed
      of="DELETE /api/dispositions/:id"
      id={row.id}
      others={others.map(({ id, path }) => ({ id, label: path }))}
      keys={['dispositions', 'accounts']}
      onDone={onDone}
      title={t`Delete ${row.path}?`}
      confirm={t`Delete the disposition`}
      offer={interactions > 0 ? t`Counts from now on as` : undefined}
    >
      {uses.isError ? (
        <Failed error={uses.error} onRetry={() => void uses.refetch()} />
      ) : uses.isPending ? (
        <SkeletonLines lines={3} />
      ) : (
        <>
          {below > 0 ? (
            <p>
              <Plural
                value={below}
                one="# disposition below it goes too."
                other="# dispositions below it go too."
              />
            </p>
          ) : null}
          <p>
            {interactions === 0 ? (
              <Trans>No interaction was closed with it.</Trans>
            ) : (
              <Plural
                value={interactions}
                one="# interaction was closed with it, and keeps its words."
                other="# interactions were closed with it, and keep their words."
              />
            )}
          </p>
        </>
      )}
    </DeleteUsed>
  )
}

/** Deleting a disposition: what would lose it, and which one takes its place. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { toast } from '../../ui/Toast.tsx'
import { ownIds } from './tree.ts'

interface DeleteDispositionProps {
  row: Disposition
  rows: readonly Disposition[]
  onDone: () => void
}

export function DeleteDisposition({ row, rows, onDone }: DeleteDispositionProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [replacementId, setReplacement] = useState<number | null>(null)
  const uses = useQuery({
    queryKey: ['dispositions', 'uses', row.id],
    queryFn: () => api('GET /api/dispositions/:id/uses', { params: { id: row.id } }),
    staleTime: 0,
  })
  const { interactions = 0, below = 0, accounts = [] } = uses.data ?? {}
  const isNamed = accounts.length > 0
  const own = new Set(ownIds(rows, row.id))
  const others = rows.filter(({ id }) => !own.has(id))
  const remove = async () => {
    try {
      const query = replacementId === null ? {} : { replacementId }
      await api('DELETE /api/dispositions/:id', { params: { id: row.id }, query })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
    toast(t`Deleted.`)
    await client.invalidateQueries({ queryKey: ['dispositions'] })
  }
  return (
    <Confirm
      isOpen
      onOpenChange={(isOpen) => !isOpen && onDone()}
      title={t`Delete ${row.path}?`}
      confirm={t`Delete the disposition`}
      isDisabled={!uses.data || (isNamed && replacementId === null)}
      onConfirm={remove}
    >
      {uses.isPending ? (
        <SkeletonLines lines={3} />
      ) : (
        <div className="flex flex-col gap-3">
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
          {isNamed ? (
            <p>
              <Trans>
                The actions of these accounts close with it: {accounts.join(', ')}. Choose another for them.
              </Trans>
            </p>
          ) : null}
          {isNamed || interactions > 0 ? (
            <ComboBox
              label={isNamed ? t`In its place` : t`Counts from now on as`}
              placeholder={t`Nothing`}
              value={replacementId}
              onChange={setReplacement}
              options={others.map(({ id, path }) => ({ id, label: path }))}
            />
          ) : null}
        </div>
      )}
    </Confirm>
  )
}

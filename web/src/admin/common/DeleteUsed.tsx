/** Deleting what may be in use: where it is, and what takes its place. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Use } from '@patchbay/protocol/uses.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ApiError, api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { lastAddress } from '../../shell/list-address.ts'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { Confirm, type ConfirmProps } from '../../ui/Confirm.tsx'
import { toast } from '../../ui/Toast.tsx'
import { UseList } from './UseList.tsx'

export interface DeleteUsedProps
  extends Pick<ConfirmProps, 'title' | 'confirm' | 'trigger' | 'typeToConfirm'> {
  of:
    | 'DELETE /api/openchannel/accounts/:id'
    | 'DELETE /api/openchannel/queues/:id'
    | 'DELETE /api/openchannel/skills/:id'
    | 'DELETE /api/intervals/:id'
    | 'DELETE /api/teams/:id'
    | 'DELETE /api/lists/:id'
    | 'DELETE /api/fields/:id'
    | 'DELETE /api/tags/:id'
    | 'DELETE /api/roles/:id'
    | 'DELETE /api/dispositions/:id'
  id: number
  /** Which may take its place; itself is left out. */
  others: readonly { id: number; label: string }[]
  /** First words of the query keys that told of it. */
  keys: readonly string[]
  /** The list to go to, from a page of its own. */
  to?: string
  /** Instead of a trigger: shown until this is called. */
  onDone?: () => void
  /** Label of the choice where one may be made before anything was refused. */
  offer?: string | undefined
  /** What goes with it. */
  children: ReactNode
}

export function DeleteUsed({ of, id, others, keys, to, onDone, offer, children, ...words }: DeleteUsedProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const [uses, setUses] = useState<readonly Use[]>([])
  const [replaceBy, setReplacement] = useState<number | null>(null)
  const mustMove = uses.some((use) => use.mustMove)
  const remove = async () => {
    const query = replaceBy !== null ? { replaceBy } : { drop: uses.length > 0 }
    try {
      await api(of, { params: { id }, query })
    } catch (error) {
      const found = usesIn(error)
      if (found.length > 0) setUses(found)
      else toast(problem(error), { tone: 'bad' })
      throw error
    }
    if (to !== undefined) await navigate({ href: lastAddress(to) })
    toast(t`Deleted.`)
    for (const word of keys) void client.invalidateQueries({ queryKey: [word] })
  }
  return (
    <Confirm
      {...words}
      {...(onDone ? { isOpen: true } : {})}
      onOpenChange={(isOpen) => {
        if (isOpen) return
        setUses([])
        setReplacement(null)
        onDone?.()
      }}
      isDisabled={mustMove && replaceBy === null}
      onConfirm={remove}
    >
      <div className="flex flex-col gap-3">
        {uses.length === 0 ? (
          children
        ) : (
          <>
            <p role="status">
              <Trans>It is in use:</Trans>
            </p>
            <UseList uses={uses} isAgents={of === 'DELETE /api/teams/:id'} />
          </>
        )}
        {uses.length > 0 || offer !== undefined ? (
          <ComboBox
            label={uses.length > 0 || offer === undefined ? t`In its place` : offer}
            placeholder={mustMove ? t`Choose a replacement` : t`Nothing`}
            {...(uses.length > 0 && {
              description: mustMove
                ? t`It takes its place everywhere, at once.`
                : t`It takes its place everywhere. With nothing, it is simply left out there.`,
            })}
            value={replaceBy}
            onChange={setReplacement}
            options={others.filter((other) => other.id !== id)}
          />
        ) : null}
      </div>
    </Confirm>
  )
}

function usesIn(error: unknown): readonly Use[] {
  if (!(error instanceof ApiError) || error.code !== 'GE-103') return []
  const { uses } = error.more
  return Array.isArray(uses) ? (uses as Use[]) : []
}

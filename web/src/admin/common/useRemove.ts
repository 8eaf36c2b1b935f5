/** Deletes a thing and leaves its page. A refusal is told with what still uses it. */
import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiError, api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { lastAddress } from '../../shell/list-address.ts'
import { toast } from '../../ui/Toast.tsx'

type RemoveKey =
  | 'DELETE /api/openchannel/pauses/:id'
  | 'DELETE /api/keys/:id'
  | 'DELETE /api/relays/:id'
  | 'DELETE /api/openchannel/triggers/:id'

export interface RemoveOptions {
  /** First words of the query keys that told of it. */
  keys: readonly string[]
  /** The list to go to, from a page of its own. */
  to?: string
}

/** The answer throws after telling, so that a confirmation stays open. */
export function useRemove(key: RemoveKey, id: number, { keys, to }: RemoveOptions) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  return async () => {
    try {
      await api(key, { params: { id } })
    } catch (error) {
      // What uses it stands in the server's own sentence.
      const isUsed = error instanceof ApiError && error.code === 'GE-103'
      toast(isUsed ? error.detail : problem(error), { tone: 'bad' })
      throw error
    }
    if (to !== undefined) await navigate({ href: lastAddress(to) })
    toast(t`Deleted.`)
    for (const word of keys) void client.invalidateQueries({ queryKey: [word] })
  }
}

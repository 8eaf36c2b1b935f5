/** The steps of an account while they are changed: untouched they follow what is saved, touched they meet what another has saved. */
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, api } from '../../../api/api.ts'
import { differences, merged } from '../../common/merge.ts'
import { accountQuery } from '../../common/queries.ts'
import { fromFlat, toFlat } from './merge-steps.ts'
import { isSame } from './steps.ts'

interface Editing {
  /** What the changes were made on. */
  base: readonly Action[]
  mine: Action[]
}

export function useSteps(account: Account) {
  const client = useQueryClient()
  const [editing, setEditing] = useState<Editing>()
  const theirs = account.actions
  const { queryKey } = accountQuery(account.id)
  const steps = editing?.mine ?? theirs
  const isChanged = !isSame(steps, theirs)
  // Other settings of the account may have changed: that is no conflict.
  const isNewer = editing !== undefined && isChanged && !isSame(editing.base, theirs)
  const save = useMutation({
    mutationFn: async () => {
      try {
        return await api('PUT /api/openchannel/accounts/:id/actions', {
          params: { id: account.id },
          body: { actions: steps, version: account.version },
        })
      } catch (error) {
        if (error instanceof ApiError && error.code === 'GE-104') await client.refetchQueries({ queryKey })
        throw error
      }
    },
    onSuccess: (fresh) => {
      client.setQueryData(queryKey, fresh)
      void client.invalidateQueries({ queryKey: ['queues'] })
      setEditing(undefined)
    },
  })
  const start = (next?: Editing) => {
    save.reset()
    setEditing(next)
  }
  const conflictOf = ({ base, mine }: Editing) => {
    const [was, own, other] = [
      toFlat(base, [mine, theirs]),
      toFlat(mine, [base, theirs]),
      toFlat(theirs, [base, mine]),
    ]
    return {
      differences: differences(was, own, other),
      takeTheirs: () => start(),
      merge: (taken: ReadonlySet<string>) =>
        start({ base: theirs, mine: fromFlat(merged(was, own, other, taken)) }),
    }
  }
  return {
    steps,
    isChanged,
    save,
    change: (mine: Action[]) => start({ base: editing?.base ?? theirs, mine }),
    undo: () => start(),
    conflict: isNewer ? { ...conflictOf(editing), all: [...editing.mine, ...theirs] } : undefined,
  }
}

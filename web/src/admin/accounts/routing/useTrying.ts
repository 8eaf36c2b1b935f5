/** Trying the steps as they stand, unsaved: the way that a sample message takes, until a step is changed. */
import type { Action, Tried, TryActions } from '@patchbay/protocol/api/actions.ts'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../../api/api.ts'

export type Sample = Omit<TryActions, 'actions' | 'variables'>

export interface Trying {
  isPending: boolean
  tried: Tried | undefined
  error: Error | undefined
  run: (sample: Sample) => void
}

export function useTrying(accountId: number, steps: readonly Action[]): Trying {
  const { mutate, isPending, variables, data, error } = useMutation({
    mutationFn: ({ sample, of }: { sample: Sample; of: readonly Action[] }) =>
      api('POST /api/openchannel/accounts/:id/actions/try', {
        params: { id: accountId },
        body: { ...sample, actions: [...of] },
      }),
  })
  const isOfThese = variables?.of === steps
  return {
    isPending,
    tried: isOfThese ? data : undefined,
    error: isOfThese ? (error ?? undefined) : undefined,
    run: (sample) => mutate({ sample, of: steps }),
  }
}

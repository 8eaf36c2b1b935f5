/** Accepting and declining an offer. Accepted, its interaction is opened with the composer ready. */
import type { OfferCard } from '@patchbay/protocol/api/interactions.ts'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { toast } from '../../ui/Toast.tsx'
import { useGo } from '../address.ts'
import { wishFocus } from '../focus.ts'

export function useAnswer() {
  const { open } = useGo()
  const problem = useProblem()
  const onError = (error: Error) => toast(problem(error), { tone: 'bad' })
  const accepting = useMutation({
    mutationFn: ({ interactionId: id }: OfferCard) =>
      api('POST /api/openchannel/interactions/:id/accept', { params: { id } }),
    onSuccess: (_, { interactionId }) => {
      open(interactionId, 'mine')
      wishFocus('composer', interactionId)
    },
    onError,
  })
  const declining = useMutation({
    mutationFn: ({ interactionId: id }: OfferCard) =>
      api('POST /api/openchannel/interactions/:id/decline', { params: { id }, body: {} }),
    onError,
  })
  return {
    accept: accepting.mutate,
    decline: declining.mutate,
    isAccepting: accepting.isPending,
    isDeclining: declining.isPending,
  }
}

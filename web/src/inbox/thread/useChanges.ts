/** What an agent does to an interaction, each with its refusal told. */
import { useMutation } from '@tanstack/react-query'
import { type Answered, api, type Call, type Key } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { toast } from '../../ui/Toast.tsx'

type Change = Extract<
  Key,
  | 'POST /api/openchannel/interactions/:id/accept'
  | 'POST /api/openchannel/interactions/:id/close'
  | 'POST /api/openchannel/interactions/:id/reopen'
  | 'POST /api/openchannel/interactions/:id/transfer'
  | 'POST /api/openchannel/interactions/:id/tags'
>

/** The socket brings the changed row; nothing has to be fetched after it. */
export function useChange<K extends Change>(key: K, onDone?: (answer: Answered<K>, call: Call<K>) => void) {
  const problem = useProblem()
  return useMutation<Answered<K>, Error, Call<K>>({
    mutationFn: (call) => (api as (key: K, call: Call<K>) => Promise<Answered<K>>)(key, call),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
    ...(onDone ? { onSuccess: (answer, call) => onDone(answer, call) } : {}),
  })
}

/** Fetches settings again when somebody changed them elsewhere. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Changed } from '../../live/reduce.ts'
import { useLive } from '../../live/store.ts'

/** Whose answers tell of another: a queue and an interval say which accounts use them, a user in which teams he is. */
const alsoTells: Readonly<Partial<Record<Changed, readonly string[]>>> = {
  accounts: ['queues', 'intervals'],
  teams: ['users'],
  users: ['keys'],
}

export function useFollow() {
  const client = useQueryClient()
  const changed = useLive((state) => state.changed)
  const seen = useRef(changed)
  useEffect(() => {
    const before = seen.current
    seen.current = changed
    for (const what of Object.keys(changed) as Changed[]) {
      if (changed[what] === before[what]) continue
      for (const key of [what, ...(alsoTells[what] ?? [])]) void client.invalidateQueries({ queryKey: [key] })
    }
  }, [changed, client])
}

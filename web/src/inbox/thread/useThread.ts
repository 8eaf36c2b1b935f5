/** The thread on screen: fetched when it is opened, continued by the socket, fetched again when something is missing. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, api } from '../../api/api.ts'
import { tell } from '../../live/connection.ts'
import { settle } from '../../live/outbox.ts'
import { closeThread, type LiveThread, putOlder, putThread } from '../../live/reduce.ts'
import { live, update, useLive } from '../../live/store.ts'

/** So many threads stay in memory and on the socket, for going back without waiting. */
const keptThreads = 12
const recent: number[] = []

export interface ThreadOnScreen {
  thread: LiveThread | undefined
  problem: ApiError | null
  isLoadingOlder: boolean
  older: () => void
  reload: () => void
}

async function fetchThread(id: number): Promise<void> {
  const thread = await api('GET /api/openchannel/interactions/:id/thread', {
    params: { id },
    query: { limit: 50 },
  })
  update((state) => putThread(state, thread))
  tell({ type: 'open', interactionId: id, seq: live().threads.get(id)?.seq ?? thread.seq })
}

/** Fetches ahead what will probably be opened next. */
export function warm(id: number): void {
  if (!live().threads.has(id)) fetchThread(id).catch(() => undefined)
}

function remember(id: number): void {
  const at = recent.indexOf(id)
  if (at >= 0) recent.splice(at, 1)
  recent.push(id)
  while (recent.length > keptThreads) {
    const old = recent.shift()
    if (old === undefined) break
    tell({ type: 'close', interactionId: old })
    update((state) => closeThread(state, old))
  }
}

export function useThread(id: number): ThreadOnScreen {
  const thread = useLive(({ threads }) => threads.get(id))
  const [problem, setProblem] = useState<{ id: number; error: ApiError } | null>(null)
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const isStale = useLive(({ sync }) => sync === 'stale')
  const busy = useRef(false)

  const reload = useCallback(() => {
    fetchThread(id).then(
      () => setProblem(null),
      (error: unknown) => {
        if (error instanceof ApiError) setProblem({ id, error })
        else throw error
      },
    )
  }, [id])

  useEffect(() => {
    remember(id)
    if (!live().threads.has(id)) reload()
  }, [id, reload])

  const isBroken = thread?.gap === true || isStale
  useEffect(() => {
    if (isBroken) reload()
  }, [isBroken, reload])

  useEffect(() => {
    const shown = thread?.items.flatMap(({ message }) => message?.clientId ?? []) ?? []
    settle(id, new Set(shown))
  }, [id, thread])

  const first = thread?.items[0]?.seq
  const hasOlder = thread?.more === true
  const older = useCallback(() => {
    if (busy.current || !hasOlder || first === undefined) return
    busy.current = true
    setLoadingOlder(true)
    api('GET /api/openchannel/interactions/:id/thread', {
      params: { id },
      query: { before: first, limit: 50 },
    })
      .then((page) => update((state) => putOlder(state, page)))
      .catch(() => undefined)
      .finally(() => {
        busy.current = false
        setLoadingOlder(false)
      })
  }, [id, first, hasOlder])

  return { thread, problem: problem?.id === id ? problem.error : null, isLoadingOlder, older, reload }
}

/** The thread on screen: fetched when it is opened, continued by the socket, fetched again when something is missing. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { settle } from '../../live/outbox.ts'
import { closeThread, type LiveThread } from '../../live/reduce.ts'
import { update, useLive } from '../../live/store.ts'
import { fetchOlder, fetchThread, showThread } from '../../live/threads.ts'

export interface ThreadOnScreen {
  thread: LiveThread | undefined
  problem: ApiError | null
  isLoadingOlder: boolean
  older: () => void
  reload: () => void
}

export function useThread(id: number): ThreadOnScreen {
  const thread = useLive(({ threads }) => threads.get(id))
  const isStale = useLive(({ sync }) => sync === 'stale')
  const isConnected = useLive(({ sync }) => sync === 'synced' || sync === 'stale')
  const [problems, setProblems] = useState<Readonly<Record<number, ApiError>>>({})
  const [loadingOlder, setLoadingOlder] = useState<number>()

  const failed = useRef(new Set<number>())
  const reload = useCallback(() => {
    fetchThread(id).then(
      () => {
        failed.current.delete(id)
        setProblems(({ [id]: _, ...others }) => others)
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        failed.current.add(id)
        // Taken away while nobody could say so.
        if (error.status === 404) update((state) => closeThread(state, id))
        setProblems((all) => ({ ...all, [id]: error }))
      },
    )
  }, [id])

  useEffect(() => showThread(id), [id])
  // Not there yet, taken away, torn, or of unknown age: all are mended by fetching.
  const isWanting = thread === undefined || thread.gap || isStale
  useEffect(() => {
    if (isWanting) reload()
  }, [isWanting, reload])
  // Opened when nobody answered: it is wanted as before when somebody does.
  useEffect(() => {
    if (isConnected && failed.current.has(id)) reload()
  }, [id, isConnected, reload])

  const items = thread?.items
  useEffect(() => {
    settle(id, new Set(items?.flatMap(({ message }) => message?.clientId ?? [])))
  }, [id, items])

  const busy = useRef(new Set<number>())
  const first = items?.[0]?.seq
  const hasOlder = thread?.more === true
  const older = useCallback(() => {
    if (busy.current.has(id) || !hasOlder || first === undefined) return
    busy.current.add(id)
    setLoadingOlder(id)
    fetchOlder(id, first)
      // Scrolling on asks again.
      .catch(() => undefined)
      .finally(() => {
        busy.current.delete(id)
        setLoadingOlder((one) => (one === id ? undefined : one))
      })
  }, [id, first, hasOlder])

  // What is in memory is shown even when it could not be renewed.
  const problem = thread ? null : (problems[id] ?? null)
  return { thread, problem, isLoadingOlder: loadingOlder === id, older, reload }
}

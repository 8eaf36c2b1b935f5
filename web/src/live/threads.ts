/** The threads in memory: fetched when shown or about to be, continued by the socket while shown, forgotten when there are many. */
import type { Thread } from '@patchbay/protocol/api/interactions.ts'
import { api } from '../api/api.ts'
import { follow, isFollowed, unfollow } from './connection.ts'
import { closeThread, putOlder, putThread, sinceReset } from './reduce.ts'
import { live, update } from './store.ts'

/** So many stay, for going back without waiting. */
const keptThreads = 16
const pageSize = 50
/** The one used last at the end. */
let recent: readonly number[] = []

export async function fetchThread(id: number): Promise<void> {
  const thread = await fetchPage(id, {})
  update((state) => putThread(state, thread))
  if (isFollowed(id)) follow(id)
}

export async function fetchOlder(id: number, before: number): Promise<void> {
  const page = await fetchPage(id, { before })
  update((state) => putOlder(state, page))
}

function fetchPage(id: number, part: { before?: number }): Promise<Thread> {
  return sinceReset(live, () =>
    api('GET /api/openchannel/interactions/:id/thread', {
      params: { id },
      query: { ...part, limit: pageSize },
    }),
  )
}

/** Keeps a thread true while it is on screen, until the answer is called. */
export function showThread(id: number): () => void {
  use(id)
  follow(id)
  return () => unfollow(id)
}

/** Fetches ahead what will probably be opened next. */
export function warm(id: number): void {
  const known = live().threads.get(id)
  const row = live().rows.get(id)
  if (isFollowed(id) || (known && !known.gap && known.seq >= (row?.seq ?? 0))) return
  use(id)
  // It was only a guess: opening it asks again, and then says what is wrong.
  fetchThread(id).catch(() => undefined)
}

export function forgetThreads(): void {
  recent = []
}

function use(id: number): void {
  const all = [...recent.filter((one) => one !== id), id]
  const gone = all.slice(0, -keptThreads).filter((one) => !isFollowed(one))
  recent = all.filter((one) => !gone.includes(one))
  if (gone.length > 0) update((state) => gone.reduce(closeThread, state))
}

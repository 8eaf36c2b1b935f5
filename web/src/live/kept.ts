/**
 * Records kept in this browser for one user, each by itself, so that no tab writes over another's.
 *
 * A record is written at once to where writing waits for nothing, then to the database that has room, and taken out of the first: a page
 * that is left in the same moment loses nothing, and where one of the two is forbidden or full the other does.
 */
import type { IDBPDatabase } from 'idb'

const storeName = 'outbox'

let opening: Promise<IDBPDatabase> | undefined

function database(): Promise<IDBPDatabase> {
  // Fetched after the page is drawn. Where the database is forbidden, merely asking for it may throw.
  opening ??= import('idb').then(({ openDB }) =>
    openDB('patchbay', 1, {
      upgrade(db) {
        db.createObjectStore(storeName)
      },
      // Another version of the desk wants it: what is written meanwhile stays in the other place.
      blocking: (_, __, event) => (event.target as IDBDatabase).close(),
      terminated() {
        opening = undefined
      },
    }),
  )
  opening.catch(() => {
    opening = undefined
  })
  return opening
}

const prefixOf = (userId: number) => `patchbay.${storeName}.${userId}.`

/** Answers false when nothing of it will be there after the page was left. */
export async function keep(userId: number, id: string, record: unknown): Promise<boolean> {
  const key = prefixOf(userId) + id
  const text = JSON.stringify(record)
  const isNoted = attempt(() => {
    localStorage.setItem(key, text)
    return true
  })
  try {
    const tx = (await database()).transaction(storeName, 'readwrite')
    await Promise.all([tx.store.put(record, [userId, id]), tx.done])
  } catch {
    return isNoted ?? false
  }
  // Unless a newer one has been noted since.
  attempt(() => localStorage.getItem(key) === text && localStorage.removeItem(key))
  return true
}

export async function forget(userId: number, id: string): Promise<void> {
  attempt(() => localStorage.removeItem(prefixOf(userId) + id))
  try {
    await (await database()).delete(storeName, [userId, id])
  } catch {
    // What stays is asked for once more under the id it had, which changes nothing.
  }
}

/** What was noted and is not in the database yet. */
export function noted(userId: number): unknown[] {
  const prefix = prefixOf(userId)
  const keys = attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) ?? []
  return keys.flatMap((key) => attempt(() => [JSON.parse(localStorage.getItem(key) ?? 'null')]) ?? [])
}

/** All that is kept; undefined when the database cannot be read. */
export async function kept(userId: number): Promise<unknown[] | undefined> {
  try {
    const all = await (await database()).getAll(
      storeName,
      IDBKeyRange.bound([userId, ''], [userId, '\uffff']),
    )
    return [...all, ...noted(userId)]
  } catch {
    return undefined
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

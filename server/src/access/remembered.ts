/** Remembers for a while what was proven of a user, and forgets it the moment his rights change. */
import type { Identity } from './identity.ts'

export interface Remembered {
  /** What is known under the name, else what `find` finds; nothing found is not remembered. */
  get(name: string, find: () => Promise<Identity | null>): Promise<Identity | null>
  forget(userId: number): void
  clear(): void
}

const MOST = 50_000

export function createRemembered(forMs: number): Remembered {
  const entries = new Map<string, { value: Identity; until: number }>()
  let changes = 0

  return {
    async get(name, find) {
      const now = performance.now()
      const entry = entries.get(name)
      if (entry && entry.until > now && !isExpired(entry.value)) return entry.value
      entries.delete(name)
      const before = changes
      const value = await find()
      // A change that came while we looked may not be in what we found.
      if (value && before === changes) {
        if (entries.size >= MOST) entries.clear()
        entries.set(name, { value, until: now + forMs })
      }
      return value
    },
    forget(userId) {
      changes++
      for (const [name, { value }] of entries)
        if (value.user.id === userId || value.viewer?.id === userId) entries.delete(name)
    },
    clear() {
      changes++
      entries.clear()
    },
  }
}

function isExpired({ expiresAt }: Identity): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now()
}

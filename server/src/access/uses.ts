/** Notes when sessions and keys were last used: gathered, written together, for each at most once a minute. */
import type { Db } from '../db.ts'
import * as keys from './keys.ts'
import * as sessions from './sessions.ts'

export interface Uses {
  ofSession(digest: Buffer): void
  ofKey(id: number, address: string): void
  close(): Promise<void>
}

const EVERY_MS = 60_000
const GATHER_MS = 1_000

export function createUses(db: Db): Uses {
  const notedAt = new Map<string | number, number>()
  let usedSessions: Buffer[] = []
  let usedKeys: keys.KeyUse[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function isDue(name: string | number): boolean {
    const now = performance.now()
    if (now - (notedAt.get(name) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return false
    notedAt.set(name, now)
    timer ??= setTimeout(flush, GATHER_MS).unref()
    return true
  }

  function flush(): void {
    timer = undefined
    const [digests, uses] = [usedSessions, usedKeys]
    usedSessions = []
    usedKeys = []
    for (const [name, at] of notedAt) if (performance.now() - at > EVERY_MS) notedAt.delete(name)
    // A use that goes unnoted is noted a minute later.
    writing = writing.then(() => write(db, digests, uses)).catch(() => {})
  }

  return {
    ofSession(digest) {
      if (isDue(digest.toString('base64'))) usedSessions.push(digest)
    },
    ofKey(id, address) {
      if (isDue(id)) usedKeys.push({ id, at: new Date(), address })
    },
    async close() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}

async function write(db: Db, digests: readonly Buffer[], uses: readonly keys.KeyUse[]): Promise<void> {
  if (digests.length > 0) await sessions.touch(db, digests)
  if (uses.length > 0) await keys.touch(db, uses)
}

/** Keeps the leases of users who call: gathered, and written together in one statement. */
import type { Log } from '@patchbay/kit/log.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db } from '../db.ts'
import type { Push } from '../push/push.ts'
import { renew } from './presence.ts'

export interface Leases {
  /** Of whoever may answer. Costs a look into a map; the database hears of a user at most every few seconds. */
  seen(caller: Caller): void
  close(): Promise<void>
}

const GATHER_MS = 250
const EVERY_MS = 4_000

export function createLeases(ctx: { db: Db; push: Pick<Push, 'ring'>; log: Pick<Log, 'warn'> }): Leases {
  const seenAt = new Map<string, number>()
  let present = new Set<number>()
  let programs = new Set<number>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  async function write(batch: { present: number[]; programs: number[] }): Promise<void> {
    try {
      const back = await renew(ctx.db, batch)
      if (back.length > 0) ctx.push.ring({ users: back, route: true })
    } catch (error) {
      ctx.log.warn({ err: error }, 'leases of callers could not be renewed')
    }
  }

  function flush(): void {
    timer = undefined
    const batch = { present: [...present], programs: [...programs] }
    present = new Set()
    programs = new Set()
    for (const [name, at] of seenAt) if (performance.now() - at > EVERY_MS) seenAt.delete(name)
    writing = writing.then(() => write(batch))
  }

  return {
    seen({ user, viewer, via }) {
      if (viewer || !user.permissions.has('openchannel.answer')) return
      const isProgram = via !== 'session'
      const name = `${user.id}${isProgram}`
      const now = performance.now()
      if (now - (seenAt.get(name) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
      seenAt.set(name, now)
      const gathering = isProgram ? programs : present
      gathering.add(user.id)
      timer ??= setTimeout(flush, GATHER_MS)
    },
    async close() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}

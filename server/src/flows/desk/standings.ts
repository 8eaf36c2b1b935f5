/** Checks again whether those who are connected may still be, and what they may see. */
import type { Log } from '@patchbay/kit/log.ts'
import { type Standing, standingOf } from '../../access/standing.ts'
import type { Db } from '../../db.ts'
import type { Client } from './client.ts'
import { coalesce } from './coalesce.ts'

export interface Standings {
  check(clients: Iterable<Client>): void
  close(): Promise<void>
}

const TICK_MS = 20

export function createStandings(options: {
  db: Db
  log: Log
  onEnded: (client: Client, reason: 'signed-out' | 'disabled') => void
  onStanding: (client: Client, standing: Standing) => void
}): Standings {
  const { db, log, onEnded, onStanding } = options
  const pending = new Set<Client>()

  const tick = coalesce(
    async () => {
      const clients = [...pending]
      pending.clear()
      try {
        const standings = await standingOf(
          db,
          clients.map(({ pass }) => pass),
        )
        for (const client of clients) {
          const standing = standings.get(client.pass.digest.toString('hex'))
          if (!standing || standing === 'disabled') onEnded(client, standing ?? 'signed-out')
          else onStanding(client, standing)
        }
      } catch (error) {
        for (const client of clients) pending.add(client)
        throw error
      }
    },
    TICK_MS,
    (error) => log.warn({ err: error }, 'the sessions of connected desks could not be checked'),
  )

  return {
    check(clients) {
      for (const client of clients) pending.add(client)
      if (pending.size > 0) void tick.wake()
    },
    close: tick.close,
  }
}

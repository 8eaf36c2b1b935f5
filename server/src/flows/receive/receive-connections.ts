/** Connections that the Receive URL keeps for itself, so that no slow page of the desk makes senders wait. */
import { type PoolClient, sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Context } from '../../context.ts'

export interface Connections {
  /**
   * At most as many at once as its callers run; each is taken from the pool when first needed. `behind` the work that was begun last its
   * statement waits at the database, and not here: over the same connection, where that work has it to itself and is one statement.
   */
  use<T>(work: (client: PoolClient) => Promise<T>, behind?: boolean): Promise<T>
  close(): void
}

const RETRY_AFTER_S = 1

export function openConnections(ctx: Pick<Context, 'pool' | 'log'>): Connections {
  const free: PoolClient[] = []
  /** How much is under way over it, of each that is not free. */
  const works = new Map<PoolClient, number>()
  const listeners = new Map<PoolClient, () => void>()
  let last: PoolClient | undefined
  const forget = (client: PoolClient): boolean => {
    const index = free.indexOf(client)
    if (index >= 0) free.splice(index, 1)
    return index >= 0
  }
  const give = (client: PoolClient, isBroken: boolean): void => {
    client.off('error', listeners.get(client) ?? (() => {}))
    listeners.delete(client)
    pipeline(client, false)
    client.release(isBroken)
  }
  /** It may have been given back already, by other work that found it broken. */
  const leave = (client: PoolClient): void => {
    const left = (works.get(client) ?? 0) - 1
    if (left > 0) works.set(client, left)
    else if (works.delete(client)) free.push(client)
  }

  const take = async (): Promise<PoolClient> => {
    try {
      const client = await ctx.pool.connect()
      // Without a listener a connection that breaks while nobody uses it would end the program.
      const onBroken = (): void => {
        if (forget(client)) give(client, true)
      }
      listeners.set(client, onBroken)
      client.on('error', onBroken)
      pipeline(client, true)
      return client
    } catch (error) {
      ctx.log.warn({ err: error }, 'the Receive URL cannot reach the database')
      throw new Refusal('OC-110', 'The database cannot be reached. Nothing was stored.', {
        retryAfterSeconds: RETRY_AFTER_S,
      })
    }
  }

  return {
    async use(work, behind) {
      const ahead = behind && last && works.get(last) === 1 ? last : undefined
      // The last one used, whose caches are warm.
      const client = ahead ?? free.pop() ?? (await take())
      last = client
      works.set(client, (works.get(client) ?? 0) + 1)
      try {
        const result = await work(client)
        leave(client)
        return result
      } catch (error) {
        if (!isLost(error)) {
          leave(client)
          throw error
        }
        if (works.delete(client)) give(client, true)
        ctx.log.warn({ err: error }, 'a connection to the database broke while messages were being stored')
        throw new Refusal('OC-114', undefined, { retryAfterSeconds: RETRY_AFTER_S })
      }
    },
    close() {
      for (const client of free.splice(0)) give(client, false)
    },
  }
}

// The driver takes it as an option of all connections of a pool, and asks for it anew with each statement: only these send one before the
// one before it is answered. Each is followed by a Sync of its own, so that it is a transaction of its own.
function pipeline(client: PoolClient, isOn: boolean): void {
  Object.assign(client, { pipeline: isOn })
}

// Whatever the server still could say has a state; 08 and 57P are its words for a connection that ends.
function isLost(error: unknown): boolean {
  const state = sqlState(error)
  return state === undefined || /^(08|57P)/.test(state)
}

/** The refusal for an error that says nothing about the rows; undefined when one of them may be at fault. */
export function asOutage(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  // Insufficient resources, a primary that became a standby, an operator's cancel, conflicts that did not end.
  if (!/^(53|25006|57|40)/.test(sqlState(error) ?? '')) return undefined
  return new Refusal('OC-110', undefined, { retryAfterSeconds: RETRY_AFTER_S })
}

/** Connections that the Receive URL keeps for itself, so that no slow page of the desk makes senders wait. */
import { type PoolClient, sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Context } from '../../context.ts'

export interface Connections {
  /** At most as many at once as its callers run; each is taken from the pool when first needed. */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T>
  close(): void
}

const RETRY_AFTER_S = 1

export function openConnections(ctx: Pick<Context, 'pool' | 'log'>): Connections {
  const free: PoolClient[] = []
  const listeners = new Map<PoolClient, () => void>()
  const forget = (client: PoolClient): boolean => {
    const index = free.indexOf(client)
    if (index >= 0) free.splice(index, 1)
    return index >= 0
  }
  const give = (client: PoolClient, isBroken: boolean): void => {
    client.off('error', listeners.get(client) ?? (() => {}))
    listeners.delete(client)
    client.release(isBroken)
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
      return client
    } catch (error) {
      ctx.log.warn({ err: error }, 'the Receive URL cannot reach the database')
      throw new Refusal('OC-110', 'The database cannot be reached. Nothing was stored.', {
        retryAfterSeconds: RETRY_AFTER_S,
      })
    }
  }

  return {
    async use(work) {
      // The last one used, whose caches are warm.
      const client = free.pop() ?? (await take())
      try {
        const result = await work(client)
        free.push(client)
        return result
      } catch (error) {
        if (!isLost(error)) {
          free.push(client)
          throw error
        }
        give(client, true)
        ctx.log.warn({ err: error }, 'a connection to the database broke while messages were being stored')
        throw new Refusal('OC-114', undefined, { retryAfterSeconds: RETRY_AFTER_S })
      }
    },
    close() {
      for (const client of free.splice(0)) give(client, false)
    },
  }
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

// Tells a database that cannot be reached from one that refuses: the driver says both with plain errors.
import pg from 'pg'
import { createKeptPlans } from './kept-plans.ts'

/** No connection could be had, or the one in use broke. What was asked may have been done. */
export class DatabaseLost extends Error {
  override name = 'DatabaseLost'

  constructor(cause: unknown) {
    super('The database cannot be reached.', { cause })
  }
}

type Done<T> = (error: Error | undefined, ...rest: T[]) => void

/** A pool whose `connect`, and the queries of what it hands out, fail with DatabaseLost where PostgreSQL had no say. */
export class WatchedPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: WatchedClient })
  }

  override connect(): Promise<pg.PoolClient>
  override connect(done: Parameters<pg.Pool['connect']>[0]): void
  override connect(done?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    if (!done)
      return super.connect().catch((error: unknown) => {
        throw asLoss(error)
      })
    super.connect((error, client, release) => done(error && asLoss(error), client, release))
    return undefined
  }
}

/** A migration of another node changed what a kept statement answers. */
export const STALE_PLAN = '0A000'

class WatchedClient extends pg.Client {
  #isBroken = false
  readonly #plans = createKeptPlans()

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // Also in the hands of a transaction that is not asking anything just now, where nobody else listens and it would end the program.
    this.on('error', () => {
      this.#isBroken = true
    })
    this.on('end', () => {
      this.#isBroken = true
    })
  }

  // The driver has a dozen signatures for this; all end in a callback or answer a promise.
  override query = ((...args: unknown[]): unknown => {
    const say = (error: unknown): unknown => (this.#isBroken ? asLoss(error) : error)
    const done = args.at(-1)
    if (typeof done === 'function') {
      const told: Done<unknown> = (error, ...rest) => done(error && say(error), ...rest)
      return Reflect.apply(super.query, this, [...args.slice(0, -1), told])
    }
    const [text, values] = args
    if (isSubmittable(text)) return Reflect.apply(super.query, this, args)
    // So the typed queries come; what others prepare has a name already.
    const name = typeof text === 'string' && Array.isArray(values) ? this.#plans.nameOf(text) : undefined
    const asked = name ? [{ name, text, values }] : args
    // With a callback, since for a promise the driver makes a function that V8 puts among the old at once: with it each query, its values
    // and its answer would stay until the next full collection (decision 72).
    return new Promise((resolve, reject) => {
      const told: Done<unknown> = (error, result) => (error ? reject(error) : resolve(result))
      Reflect.apply(super.query, this, [...asked, told])
    }).catch((error: Error) => {
      if (name && error instanceof pg.DatabaseError && error.code === STALE_PLAN) this.#plans.forget()
      // Where it was asked, in place of where the answer was read.
      Error.captureStackTrace(error)
      throw say(error)
    })
  }) as pg.Client['query']
}

/** Streams and cursors, which answer themselves. */
function isSubmittable(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'submit' in query
}

/** What PostgreSQL said itself stays as it is. */
function asLoss(error: unknown): Error {
  return error instanceof pg.DatabaseError || error instanceof DatabaseLost ? error : new DatabaseLost(error)
}

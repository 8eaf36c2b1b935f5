// Feels whether the database answers, so that nobody has to wait to find out that it does not.
import { openDatabase, type Pool } from './database.ts'
import type { Log } from './log.ts'

export interface Pulse {
  /** False a few seconds after the database has fallen silent, true again a second after it has come back. */
  isBeating(): boolean
  close(): Promise<void>
}

export interface PulseOptions {
  url: string
  log: Pick<Log, 'info' | 'warn'>
  everyMs?: number
  /** A busy database is slow, and no reason to turn anybody away. */
  patienceMs?: number
}

/** On a connection of its own: that all others are in use says nothing about the database. */
export async function feelPulse(options: PulseOptions): Promise<Pulse> {
  const { url, log, everyMs = 1_000, patienceMs = 3_000 } = options
  const { pool, close } = await openDatabase<object>({ url, max: 1, applicationName: 'patchbay pulse' })
  let askedAt: number | undefined
  let hasAnswered = true
  let wasBeating = true

  const isBeating = (): boolean =>
    hasAnswered && (askedAt === undefined || performance.now() - askedAt < patienceMs)

  const ask = async (): Promise<void> => {
    askedAt = performance.now()
    hasAnswered = await answers(pool)
    askedAt = undefined
  }

  const timer = setInterval(() => {
    if (askedAt === undefined) void ask()
    if (isBeating() === wasBeating) return
    wasBeating = !wasBeating
    if (wasBeating) log.info({}, 'the database answers again')
    else log.warn({}, 'the database does not answer: calls are refused until it does')
  }, everyMs).unref()

  return {
    isBeating,
    close() {
      clearInterval(timer)
      return close()
    },
  }
}

function answers(pool: Pool): Promise<boolean> {
  return pool.query('select 1').then(
    () => true,
    () => false,
  )
}

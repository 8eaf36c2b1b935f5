/** Runs chores on this node, and begins anew when the runner died with its database. */
import { type CronItem, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker'
import { type Chores, sweepFailed, where } from './chores.ts'
import type { Pool } from './database.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

const AT_ONCE = 2
/** How late a retry or a planned chore may be. New ones are announced, and begin at once. */
const LOOK_EVERY_MS = 5_000
/** Then chores that run are told to stop; the program has some nine seconds in all. */
const PATIENCE_MS = 3_000
const BEGIN_AGAIN_MS = 5_000

export function startChores(
  ctx: { pool: Pool; log: Log; metrics: Metrics },
  own: Chores,
): { stop(): Promise<void> } {
  const { pool, log } = ctx
  const chores: Chores = {
    ...own,
    'sweep-failed-chores': { every: '30 3 * * *', run: () => sweepFailed(pool) },
  }
  const ended = ctx.metrics.counter('chores_total', 'Background chores by name and outcome', [
    'chore',
    'outcome',
  ])
  let runner: Runner | undefined
  let timer: NodeJS.Timeout | undefined
  let stopping = false

  const taskList: TaskList = Object.fromEntries(
    Object.entries(chores).map(([name, chore]) => [
      name,
      async (payload, { abortSignal, job }) => {
        const isLast = job.attempts >= job.max_attempts
        try {
          await chore.run(payload, abortSignal ?? new AbortController().signal, { isLast })
          ended.inc({ chore: name, outcome: 'done' })
        } catch (error) {
          ended.inc({ chore: name, outcome: 'failed' })
          const fields = { err: error, chore: name, attempt: job.attempts }
          if (isLast && !chore.every) log.error(fields, 'a chore failed for the last time')
          else log.warn(fields, 'a chore failed and will be tried again')
          throw error
        }
      },
    ]),
  )

  const begin = async (): Promise<void> => {
    try {
      runner = await run({
        ...where,
        pgPool: pool,
        concurrency: AT_ONCE,
        pollInterval: LOOK_EVERY_MS,
        preset: { worker: { gracefulShutdownAbortTimeout: PATIENCE_MS } },
        taskList,
        parsedCronItems: parseCronItems(
          Object.entries(chores).flatMap(([name, { every }]) => (every ? [round(name, every)] : [])),
        ),
      })
      // Told to stop while it began.
      if (stopping) await runner.stop()
      await runner.promise
    } catch (error) {
      if (!stopping) log.warn({ err: error }, 'background chores stopped; they begin again in a moment')
    }
    if (!stopping) timer = setTimeout(() => void begin(), BEGIN_AGAIN_MS).unref()
  }
  const running = begin()

  return {
    async stop() {
      stopping = true
      clearTimeout(timer)
      await runner?.stop().catch(() => {})
      await running
    },
  }
}

// The key leaves no second round waiting where one takes longer than its interval.
function round(task: string, match: string): CronItem {
  return {
    task,
    match,
    options: { maxAttempts: 1, backfillPeriod: 0, jobKey: task, jobKeyMode: 'preserve_run_at' },
  }
}

/** Everything of an account that failed or was given up since a time, delivered once more at a rate. */
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Tx } from '../db.ts'
import type { Doorbell } from '../push/doorbell.ts'

/** Answers how many deliveries it will make. Refused while another of the account is under way. */
export async function requestReplay(
  tx: Tx,
  accountId: number,
  since: Date,
  perSecond: number,
): Promise<number> {
  // Of two at the same moment the second sees the first.
  await sql`select pg_advisory_xact_lock(hashtext('replay'), ${accountId}::int)`.execute(tx)
  const other = await tx
    .selectFrom('replay')
    .select('id')
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (other) throw new Refusal('RE-104', 'What failed before is being delivered again at this moment.')
  const { count, until_id } = await tx
    .selectFrom('delivery')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('id').as('until_id')])
    .where('account_id', '=', accountId)
    .where('state', 'in', ['failed', 'dead'])
    .where('replayed_as', 'is', null)
    .where('ended_at', '>=', since)
    .executeTakeFirstOrThrow()
  if (count > 0)
    await tx
      .insertInto('replay')
      .values({ account_id: accountId, since, until_id, per_second: perSecond })
      .execute()
  return count
}

const EVERY_MS = 250

/** Any number of nodes may run it: each part of a replay is made by one of them. */
export function startReplays(ctx: { pool: Pool; push: Pick<Doorbell, 'ring'>; log: Pick<Log, 'warn'> }): {
  stop(): Promise<void>
} {
  let running: Promise<void> | undefined
  const work = async (): Promise<void> => {
    try {
      const { rows } = await ctx.pool.query<{ made: number }>({
        name: 'replay-some',
        text: 'select replay_some() as made',
      })
      if (rows[0]?.made) ctx.push.ring({ deliver: true })
    } catch (error) {
      ctx.log.warn({ err: error }, 'failed deliveries could not be replayed; the next round tries again')
    }
  }
  const timer = setInterval(() => {
    running ??= work().finally(() => {
      running = undefined
    })
  }, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

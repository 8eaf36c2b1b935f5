/** A plain model of presence against the engine on a real database, over random programs in which time passes at will. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import * as presence from '../../routing/presence.ts'
import { testCentre } from '../route/routing-testing.ts'
import { look } from './watch.ts'

const centre = await testCentre()
const { node, db } = centre
const other = await centre.another()
const MISSES = 2
const ABSENT_MINUTES = 2
const WRAP_UP_SECONDS = 20
await db.updateTable('presence_rule').set({ missed_offers: MISSES, absent_minutes: ABSENT_MINUTES }).execute()
const queueId = await centre.addQueue('rrmemory')
await db.updateTable('queue').set({ wrap_up_seconds: WRAP_UP_SECONDS }).execute()
const accountId = await centre.addAccount()
const supervisor = await centre.addUser()

const choices = ['available', 'paused', 'offline'] as const
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('set' as const), state: fc.constantFrom(...choices) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('supervise' as const), state: fc.constantFrom(...choices) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.constantFrom(3, 8, 16, 25, 61, 130),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...([
          'hear',
          'hear',
          'miss',
          'miss',
          'decline',
          'wrapUp',
          'write',
          'write',
          'answer',
          'signOut',
        ] as const),
      ),
    }),
  },
)
const programs = fc.array(fc.record({ command, looks: fc.integer({ min: 0, max: 2 }) }), {
  minLength: 10,
  maxLength: 40,
})

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never
/** What random programs seldom come to. */
const rare: Command[][] = [
  [{ do: 'set', state: 'available' }, { do: 'wrapUp' }, { do: 'pass', seconds: 25 }, { do: 'hear' }],
  [{ do: 'set', state: 'available' }, { do: 'pass', seconds: 61 }, { do: 'write' }],
  [{ do: 'set', state: 'available' }, { do: 'miss' }, { do: 'miss' }, { do: 'supervise', state: 'paused' }],
]

/** Seconds on a clock of its own, on which every command takes a moment. */
function createModel() {
  let now = 0
  const it = {
    state: 'offline' as string,
    cause: 'never',
    since: 0,
    until: Number.POSITIVE_INFINITY,
    leaseEnd: Number.NEGATIVE_INFINITY,
    /** When he was last heard of, once he is away. */
    awaySince: null as number | null,
    missed: 0,
    wroteAt: null as number | null,
    released: 0,
  }
  const enter = (state: string, cause: string) => {
    if (it.state !== state) it.since = now
    Object.assign(it, { state, cause, until: Number.POSITIVE_INFINITY })
  }
  const absentSince = () => it.awaySince ?? (it.state === 'offline' && it.cause !== 'never' ? it.since : null)
  return {
    it,
    tick: (seconds = 0.001) => {
      now += seconds
    },
    set(state: string, cause = 'self') {
      enter(state, cause)
      it.missed = 0
      if (cause === 'self') Object.assign(it, { awaySince: null, leaseEnd: now + 15 })
    },
    signOut() {
      if (it.state === 'offline') return
      enter('offline', 'signed-out')
      it.missed = 0
    },
    hear: () => Object.assign(it, { leaseEnd: now + 15, awaySince: null }),
    miss() {
      if (it.state === 'available' && ++it.missed >= MISSES) enter('not-answering', 'missed')
    },
    decline: () => Object.assign(it, { missed: 0 }),
    wrapUp() {
      if (it.state !== 'available' && it.state !== 'wrap-up') return
      if (it.state === 'available') enter('wrap-up', 'wrap-up')
      it.until = now + WRAP_UP_SECONDS
    },
    write: () => Object.assign(it, { wroteAt: now }),
    answer: () => Object.assign(it, { wroteAt: null }),
    look() {
      if (it.state === 'wrap-up' && it.until <= now) {
        enter('available', 'wrap-up')
      }
      if (it.state !== 'offline' && it.awaySince === null && it.leaseEnd <= now)
        it.awaySince = Math.max(it.leaseEnd - 15, it.since)
      if (it.state !== 'offline' && it.awaySince !== null && it.leaseEnd <= now - 45) {
        enter('offline', 'silent')
        it.missed = 0
      }
      const since = absentSince()
      if (since === null || it.wroteAt === null) return
      if (it.wroteAt > since || since <= now - ABSENT_MINUTES * 60) it.released++
    },
  }
}

async function pass(userId: number, interactionId: number, seconds: number): Promise<void> {
  const by = sql.lit(`${seconds} seconds`)
  await sql`with gone as (update presence set since = since - interval ${by}, until = until - interval ${by},
      lease_until = lease_until - interval ${by}, away_since = away_since - interval ${by} where user_id = ${userId}),
    written as (update interaction set last_message_at = last_message_at - interval ${by} where id = ${interactionId})
    update presence_period set since = since - interval ${by}, until = until - interval ${by} where user_id = ${userId}`.execute(
    db,
  )
}

test('over random programs an agent stands as the rules say, his history has no gap, and whom he leaves waiting is routed again', {
  timeout: 90_000,
}, async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(programs, async (steps) => {
      const userId = await centre.addUser()
      const interactionId = await centre.openInteraction(accountId)
      const had = { interactionId: 0, queueId }
      const hold = () =>
        db
          .updateTable('interaction')
          .set({ state: 'assigned', user_id: userId })
          .where('id', '=', interactionId)
          .execute()
      await hold()
      await db.transaction().execute((tx) => presence.engage(tx, userId))
      const model = createModel()
      const inTx = (work: (tx: Parameters<typeof presence.missed>[0]) => Promise<unknown>) =>
        db.transaction().execute(work)
      const message = (direction: string) =>
        db
          .updateTable('interaction')
          .set({ last_message_direction: direction, last_message_at: sql<Date>`now()` })
          .where('id', '=', interactionId)
          .execute()
      for (const { command: step, looks } of steps) {
        model.tick()
        switch (step.do) {
          case 'set':
            await presence.setPresence(db, userId, { state: step.state, reason: null, byProgram: false })
            model.set(step.state)
            break
          case 'supervise': {
            const wanted = { state: step.state, reason: null, byUserId: supervisor, note: null }
            await inTx((tx) => presence.setPresenceOf(tx, userId, wanted))
            model.set(step.state, 'supervisor')
            break
          }
          case 'pass':
            await pass(userId, interactionId, step.seconds)
            model.tick(step.seconds)
            break
          case 'hear':
            await presence.touchLease(db, [userId])
            model.hear()
            break
          case 'miss':
            await inTx((tx) => presence.missed(tx, [userId]))
            model.miss()
            break
          case 'decline':
            await inTx((tx) => presence.answered(tx, userId))
            model.decline()
            break
          case 'wrapUp':
            await inTx((tx) => presence.wrapUp(tx, userId, had))
            model.wrapUp()
            break
          case 'signOut':
            await presence.signOut(db, userId)
            model.signOut()
            break
          case 'write':
            await message('in')
            model.write()
            break
          case 'answer':
            await message('out')
            model.answer()
        }
        if (looks > 0) {
          model.tick()
          // One node, or two at the same moment.
          await Promise.all([node, other].slice(0, looks).map((on) => look(on, { leases: true })))
          model.look()
        }
        const { rows } = await sql<{ line: string }>`
          select concat_ws(' ', p.state, p.cause, p.away_since is not null, p.missed,
            (select state from presence_period where user_id = p.user_id and until is null),
            (select count(*) from event where interaction_id = ${interactionId} and type = 'released')) as line
          from presence p where user_id = ${userId}`.execute(db)
        const { it } = model
        const shown = it.awaySince === null ? it.state : 'offline'
        const expected = [
          it.state,
          it.cause,
          it.awaySince === null ? 'f' : 't',
          it.missed,
          shown,
          it.released,
        ]
        expect(rows[0]?.line).toBe(expected.join(' '))
        seen.add(`${it.state} ${it.cause}`)
        await hold()
      }
      const { rows: gaps } = await sql`
        select from (select until, lead(since) over (order by id) as next, since from presence_period where user_id = ${userId}) period
        where until is distinct from next or until < since`.execute(db)
      expect(gaps).toEqual([])
      await db
        .updateTable('interaction')
        .set({ closed_at: sql`now()` })
        .where('id', '=', interactionId)
        .execute()
    }),
    { numRuns: 20, examples: rare.map((steps) => [steps.map((command) => ({ command, looks: 1 }))]) },
  )
  for (const state of [
    'available self',
    'paused supervisor',
    'wrap-up wrap-up',
    'available wrap-up',
    'offline silent',
    'not-answering missed',
  ])
    expect(seen).toContain(state)
})

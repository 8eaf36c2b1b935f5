/** A small contact centre for tests of routing: people, queues and interactions straight in the database, and time that passes at will. */

import { fileURLToPath } from 'node:url'
import { createLog } from '@patchbay/kit/log.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import type { Permission } from '@patchbay/protocol/permissions.ts'
import { sql } from 'kysely'
import type { Caller } from '../../access/endpoint.ts'
import type { DB } from '../../database.gen.ts'
import type { Db } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import type { Ring } from '../../push/ring.ts'
import { enter } from '../../routing/entries.ts'
import type { Strategy } from '../../routing/strategy.ts'
import type { Target } from '../../routing/targets.ts'
import { standStill } from './own-clock-testing.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** A node without sockets: what it rings is kept in `rung`. */
export interface Node {
  db: Db
  push: { ring(ring: Ring): void; onRing(listener: unknown): () => void }
  rung: Ring[]
  log: ReturnType<typeof createLog>
}

/** With a clock of its own no second passes but by `pass`, however slow the machine is. */
export async function testCentre(options: { hasOwnClock?: boolean } = {}) {
  const { database, open } = await testDatabase<DB>(migrations)
  const clock = options.hasOwnClock ? await standStill(database.query) : undefined
  // The connections of before know nothing of it.
  const db = clock ? (await open()).query : database.query
  // Who misses an offer stays available, so that routing alone decides who comes next; tests of presence say otherwise.
  await db.updateTable('presence_rule').set({ missed_offers: null }).execute()
  let count = 0
  const nodeOn = (db: Db): Node => {
    const rung: Ring[] = []
    const push = { ring: (ring: Ring) => void rung.push(ring), onRing: () => () => {} }
    return { db, push, rung, log: createLog({ program: 'test', level: 'error' }) }
  }

  const addUser = async (fields: { capacity?: number; role?: 'admin' | 'agent' } = {}): Promise<number> => {
    const name = `user${++count}`
    const row = await db
      .insertInto('app_user')
      .values({ email: `${name}@example.com`, name, fullname: name, role: 'agent', ...fields })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }

  return {
    db,
    node: nodeOn(db),
    /** Another program on the same database. */
    another: async (connections = 10): Promise<Node> => nodeOn((await open(connections)).query),
    addUser,

    /** Here for as long as the test runs, unless `setHere` says otherwise. */
    async addAgent(
      accountIds: readonly number[],
      queueIds: readonly number[],
      capacity = 5,
    ): Promise<number> {
      const id = await addUser({ capacity })
      for (const account_id of accountIds)
        await db.insertInto('account_agent').values({ account_id, user_id: id }).execute()
      for (const queue_id of queueIds)
        await db.insertInto('queue_agent').values({ queue_id, user_id: id }).execute()
      await db
        .insertInto('presence')
        .values({ user_id: id, state: 'available', lease_until: 'infinity' })
        .execute()
      return id
    },
    async setHere(userId: number, isHere: boolean): Promise<void> {
      const lease_until = isHere ? 'infinity' : '-infinity'
      await db.updateTable('presence').set({ lease_until }).where('user_id', '=', userId).execute()
    },
    async setState(userId: number, state: 'available' | 'paused' | 'offline'): Promise<void> {
      await db.updateTable('presence').set({ state }).where('user_id', '=', userId).execute()
    },

    async addAccount(actions: object[] = []): Promise<number> {
      const row = await db
        .insertInto('account')
        .values({
          name: `account${++count}`,
          list_id: 1,
          actions: JSON.stringify(actions.map((action, index) => ({ id: `step-${index + 1}`, ...action }))),
          token_digest: Buffer.from(`token${count}`),
          token_sealed: Buffer.alloc(0),
          secret_sealed: Buffer.alloc(0),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },

    async addQueue(
      strategy: Strategy,
      fields: { weight?: number; agent_timeout_seconds?: number } = {},
    ): Promise<number> {
      const row = await db
        .insertInto('queue')
        .values({ name: `queue${++count}`, strategy, ...fields })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },

    /** As the Receive URL leaves it: open, with a route request. */
    async openInteraction(accountId: number): Promise<number> {
      const { id } = await db
        .insertInto('interaction')
        .values({ account_id: accountId, contact_id: ++count, waiting_since: sql`now()`, unread: 1 })
        .returning('id')
        .executeTakeFirstOrThrow()
      await db.insertInto('route_request').values({ interaction_id: id, account_id: accountId }).execute()
      return id
    },

    async addTeam(userIds: readonly number[]): Promise<number> {
      const { id } = await db
        .insertInto('team')
        .values({ name: `team${++count}` })
        .returning('id')
        .executeTakeFirstOrThrow()
      for (const user_id of userIds)
        await db.insertInto('team_member').values({ team_id: id, user_id }).execute()
      return id
    },

    async addSkill(): Promise<number> {
      const row = await db
        .insertInto('skill')
        .values({ name: `skill${++count}` })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },
    async askFor(
      queueId: number,
      skillId: number,
      steps: readonly [after: number, level: number][],
    ): Promise<void> {
      for (const [after_seconds, level] of steps)
        await db
          .insertInto('queue_skill')
          .values({ queue_id: queueId, skill_id: skillId, after_seconds, level })
          .execute()
    },
    async giveSkills(userId: number, levels: readonly [skill: number, level: number][]): Promise<void> {
      for (const [skill_id, level] of levels)
        await db.insertInto('user_skill').values({ user_id: userId, skill_id, level }).execute()
    },

    /** An open interaction of the account that waits for the target, as a step of its actions or a transfer leaves it. */
    async waitFor(accountId: number, target: Target, timeoutSeconds: number | null = null): Promise<number> {
      const { id } = await db
        .insertInto('interaction')
        .values({ account_id: accountId, contact_id: ++count, waiting_since: sql`now()`, unread: 1 })
        .returning('id')
        .executeTakeFirstOrThrow()
      const entry = { interactionId: id, accountId, stepId: null, timeoutSeconds, ...target }
      await db.transaction().execute(async (tx) => {
        await enter(tx, [entry])
        await interactions.queue(tx, [entry])
      })
      return id
    },

    interaction: (id: number) =>
      db
        .selectFrom('interaction')
        .select(['state', 'user_id', 'queue_id', 'unread', 'waiting_since', 'closed_at', 'disposition'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    openOffers: () =>
      db
        .selectFrom('offer')
        .select(['interaction_id', 'user_id'])
        .where('state', '=', 'open')
        .orderBy('id')
        .execute(),
    /** Offers of an interaction as `user:state`, in the order in which they were made. */
    async offersOf(id: number): Promise<string[]> {
      const rows = await db
        .selectFrom('offer')
        .select(['user_id', 'state'])
        .where('interaction_id', '=', id)
        .orderBy('id')
        .execute()
      return rows.map((row) => `${row.user_id}:${row.state}`)
    },
    async eventsOf(id: number): Promise<string[]> {
      const rows = await db
        .selectFrom('interaction_log')
        .select('type')
        .where('interaction_id', '=', id)
        .orderBy('seq')
        .execute()
      return rows.map((row) => String(row.type))
    },

    /** Moves everything that routing looks at into the past, which is the same as waiting. */
    async pass(seconds: number): Promise<void> {
      if (clock) return clock.pass(seconds)
      const by = sql.lit(`${seconds} seconds`)
      await sql`with offers as (update offer set created_at = created_at - interval ${by},
                    expires_at = expires_at - interval ${by}, ended_at = ended_at - interval ${by})
        update queue_entry set entered_at = entered_at - interval ${by}, until = until - interval ${by}`.execute(
        db,
      )
    },
  }
}

export function callerOf(userId: number, role: 'admin' | 'agent' = 'agent'): Caller {
  const permissions = new Set<Permission>(['openchannel', 'openchannel.answer', 'openchannel.assign'])
  if (role === 'admin') permissions.add('accounts.all')
  const user = { id: userId, name: `user${userId}`, fullname: `user${userId}`, email: '', role, permissions }
  return { user, viewer: null, via: 'key', scopes: null, keyId: null, address: '127.0.0.1' }
}

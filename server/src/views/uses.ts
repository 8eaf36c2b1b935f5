/** Where a thing is used that is to be deleted. Asked under the lock that keeps others from naming it anew. */
import type { peopleApi } from '@patchbay/protocol/api/people.ts'
import type { Use, UsePlace } from '@patchbay/protocol/uses.ts'
import { type RawBuilder, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'

export type UsedKind =
  | 'queue'
  | 'interval'
  | 'list'
  | 'team'
  | 'tag'
  | 'field'
  | 'skill'
  | 'role'
  | 'disposition'
  | 'account'
  | 'user'

type Part = RawBuilder<unknown>

export function usesRoutes({
  db,
}: Context): Handlers<Pick<typeof peopleApi, 'GET /api/teams/:id/uses' | 'GET /api/users/:id/uses'>> {
  const answer = async (caller: Caller, kind: UsedKind, id: number) => ({
    rows: await shownTo(db, caller, await usesOf(db, kind, [id])),
  })
  return {
    'GET /api/teams/:id/uses': ({ caller, params }) => answer(caller, 'team', params.id),
    'GET /api/users/:id/uses': ({ caller, params }) => answer(caller, 'user', params.id),
  }
}

/** Accounts that the caller may not see are counted, not named. */
export async function shownTo(db: Db | Tx, caller: Caller, uses: readonly Use[]): Promise<Use[]> {
  const isAccount = ({ place }: Use) => place === 'flow' || place === 'account'
  const ids = uses.flatMap((use) => (isAccount(use) && use.id !== null ? [use.id] : []))
  if (ids.length === 0) return [...uses]
  const { rows } = await sql<{ id: number }>`
    select id from account where id = any(${ids}::bigint[]) and ${visibleAccounts(caller, 'account.id')}`.execute(
    db,
  )
  const seen = new Set(rows.map(({ id }) => id))
  return uses.map((use) => (isAccount(use) && !seen.has(use.id ?? 0) ? { ...use, id: null, name: '' } : use))
}

/** `ids`: it, and what goes with it. Those that must move come first. */
export async function usesOf(db: Db | Tx, kind: UsedKind, ids: readonly number[]): Promise<Use[]> {
  const parts = ids.length === 0 ? [] : questions[kind](ids)
  if (parts.length === 0) return []
  const { rows } = await sql<Use>`
    select place, id, name, count, must_move as "mustMove"
    from (${sql.join(parts, sql` union all `)}) as used (place, id, name, count, must_move)
    where count > 0
    order by must_move desc, place, lower(name), id`.execute(db)
  return rows
}

const questions: Readonly<Record<UsedKind, (ids: readonly number[]) => Part[]>> = {
  queue: (ids) => [
    flows(ids, (id) => [{ queueId: id }]),
    triggers(ids, (id) => [{ queueId: id }]),
    counted('waiting', sql`queue_entry where queue_id = ${one(ids)}`, true),
    // Both conditions lead to the index of what agents have.
    counted(
      'interactions',
      sql`interaction where closed_at is null and user_id is not null and queue_id = ${one(ids)}`,
      false,
    ),
    dispositions(sql`queue_id = ${one(ids)}`),
  ],
  interval: (ids) => [
    flows(ids, (id) => [{ intervalId: id }]),
    named('trigger', sql`message_trigger`, sql`interval_id = ${one(ids)}`, true),
  ],
  list: (ids) => [
    named('account', sql`account`, sql`deleted_at is null and list_id = ${one(ids)}`, true),
    counted('contacts', sql`contact where list_id = ${one(ids)}`, true),
    named('field', sql`custom_field`, sql`list_id = ${one(ids)}`, false),
    dispositions(sql`list_id = ${one(ids)}`),
  ],
  team: (ids) => [
    counted('waiting', sql`queue_entry where team_id = ${one(ids)}`, true),
    named(
      'account',
      sql`account`,
      sql`deleted_at is null and exists (select from account_team where account_id = account.id and team_id = ${one(ids)})`,
      false,
    ),
    named(
      'queue',
      sql`queue`,
      sql`exists (select from queue_team where queue_id = queue.id and team_id = ${one(ids)})`,
      false,
    ),
    counted('sign-in', sql`sign_in_team where team_id = ${one(ids)}`, false),
    counted('users', sql`team_member where team_id = ${one(ids)}`, false),
  ],
  tag: (ids) => [
    flows(ids, (id) => [{ tagIds: [id] }]),
    triggers(ids, (id) => [{ tagIds: [id] }]),
    counted('interactions', sql`interaction_tag where tag_id = ${one(ids)}`, false),
  ],
  field: (ids) => [
    named('account', sql`account`, sql`deleted_at is null and map_key = ${`cf_${one(ids)}`}`, true),
    named('flow', sql`account`, sql`deleted_at is null and ${namesField(sql`actions`, one(ids))}`, true),
    named(
      'trigger',
      sql`message_trigger`,
      sql`(${namesField(sql`actions`, one(ids))} or ${namesField(sql`conditions`, one(ids))})`,
      true,
    ),
    // Every value has its key, and the keys are found without looking at every contact.
    counted(
      'contacts',
      sql`contact_key where field = ${`cf_${one(ids)}`} and list_id in (select id from list)`,
      false,
    ),
  ],
  skill: (ids) => [
    named(
      'queue',
      sql`queue`,
      sql`exists (select from queue_skill where queue_id = queue.id and skill_id = ${one(ids)})`,
      true,
    ),
    counted('users', sql`user_skill where skill_id = ${one(ids)}`, false),
  ],
  role: (ids) => [
    counted('users', sql`app_user where role_id = ${one(ids)}`, true),
    counted(
      'sign-in',
      sql`(select from sign_in_role where role_id = ${one(ids)}
           union all select from sign_in_setting where sso_role_id = ${one(ids)}) as rule`,
      false,
    ),
  ],
  disposition: (ids) => [flows(ids, (id) => [{ dispositionId: id }])],
  account: (ids) => [
    // Without its only account a trigger would be one of every account.
    named('trigger', sql`message_trigger`, sql`account_ids = array[${one(ids)}]::bigint[]`, true),
    named(
      'trigger',
      sql`message_trigger`,
      sql`${one(ids)} = any(account_ids) and cardinality(account_ids) > 1`,
      false,
    ),
    dispositions(sql`account_id = ${one(ids)}`),
  ],
  user: (ids) => [
    flows(ids, (id) => [{ userId: id }]),
    counted('waiting', sql`queue_entry where user_id = ${one(ids)}`, true),
    counted('interactions', sql`interaction where user_id = ${one(ids)} and closed_at is null`, true),
    named(
      'account',
      sql`account`,
      sql`deleted_at is null and exists (select from account_agent where account_id = account.id and user_id = ${one(ids)})`,
      false,
    ),
    named(
      'queue',
      sql`queue`,
      sql`exists (select from queue_agent where queue_id = queue.id and user_id = ${one(ids)})`,
      false,
    ),
    named(
      'team',
      sql`team`,
      sql`exists (select from team_member where team_id = team.id and user_id = ${one(ids)})`,
      false,
    ),
  ],
}

/** Fields are named within texts, with their braces or without. */
export function namesField(column: Part, id: number): RawBuilder<boolean> {
  return sql<boolean>`${column}::text ~ ${`contact\\.cf_${id}(?![0-9])`}`
}

const MOST_COUNTED = 10_000

function one(ids: readonly number[]): number {
  const [id = 0] = ids
  return id
}

function flows(ids: readonly number[], stepOf: (id: number) => object): Part {
  return named('flow', sql`account`, sql`deleted_at is null and ${holds(ids, stepOf)}`, true)
}

function triggers(ids: readonly number[], actionOf: (id: number) => object): Part {
  return named('trigger', sql`message_trigger`, holds(ids, actionOf), true)
}

function holds(ids: readonly number[], stepOf: (id: number) => object): Part {
  const wanted = ids.map((id) => sql`actions @> ${JSON.stringify(stepOf(id))}::jsonb`)
  return sql`(${sql.join(wanted, sql` or `)})`
}

function dispositions(condition: Part): Part {
  return named('disposition', sql`disposition`, condition, false)
}

function named(place: UsePlace, table: Part, condition: Part, mustMove: boolean): Part {
  return sql`select ${place}::text, id, name, 1, ${mustMove}::boolean from ${table} where ${condition}`
}

function counted(place: UsePlace, from: Part, mustMove: boolean): Part {
  return sql`
    select ${place}::text, null::bigint, '', (select count(*)::int from (select from ${from} limit ${MOST_COUNTED}) as counted), ${mustMove}::boolean`
}

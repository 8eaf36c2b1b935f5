/** Queues and the agents and teams that work in them. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { RequiredSkill } from '@patchbay/protocol/api/skills.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, type Selectable, sql, type UpdateObject } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { DB, QueueTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { requireSkills, setQueueSkills } from './skills.ts'

type NewQueue = Body<(typeof queuesApi)['POST /api/openchannel/queues']>
type QueuePatch = Body<(typeof queuesApi)['PATCH /api/openchannel/queues/:id']>

export interface QueueRow extends Selectable<QueueTable> {
  agent_ids: number[]
  team_ids: number[]
  skills: RequiredSkill[]
}

export function selectQueues(db: Db | Tx) {
  return db
    .selectFrom('queue')
    .selectAll('queue')
    .select([
      sql<number[]>`array(select user_id from queue_agent where queue_id = queue.id order by user_id)`.as(
        'agent_ids',
      ),
      sql<number[]>`array(select team_id from queue_team where queue_id = queue.id order by team_id)`.as(
        'team_ids',
      ),
      sql<RequiredSkill[]>`(
        select coalesce(json_agg(json_build_object('skillId', skill_id, 'level', level, 'relax', relax) order by skill_id), '[]')
        from (select skill_id, max(level) filter (where after_seconds = 0) as level,
                     coalesce(json_agg(json_build_object('afterSeconds', after_seconds, 'level', level) order by after_seconds)
                              filter (where after_seconds > 0), '[]') as relax
              from queue_skill where queue_id = queue.id group by skill_id) skill)`.as('skills'),
    ])
}

export async function createQueue(tx: Tx, caller: Caller, input: NewQueue): Promise<number> {
  const { id } = await tx
    .insertInto('queue')
    .values({ ...columnsOf(input), name: input.name.trim() })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a queue of this name'))
  if (input.skills) await askFor(tx, id, input.skills)
  await record(tx, caller, { action: 'created', object: 'queue', objectId: id, after: await find(tx, id) })
  return id
}

/** With `version`, a change that somebody else made meanwhile is refused with GE-104. */
export async function changeQueue(tx: Tx, caller: Caller, id: number, patch: QueuePatch): Promise<void> {
  await alter(tx, caller, id, async (before) => {
    requireVersion(patch.version, before.version)
    if (patch.skills) await askFor(tx, id, patch.skills)
    return { ...columnsOf(patch), name: patch.name?.trim() }
  }).catch(refuseDuplicate('a queue of this name'))
}

/** The users must exist. */
export async function setQueueAgents(
  tx: Tx,
  caller: Caller,
  id: number,
  userIds: readonly number[],
  version?: number,
): Promise<void> {
  await alter(tx, caller, id, async (before) => {
    requireVersion(version, before.version)
    await tx.deleteFrom('queue_agent').where('queue_id', '=', id).execute()
    await sql`insert into queue_agent (queue_id, user_id)
              select ${id}::bigint, unnest(${[...new Set(userIds)]}::bigint[])`.execute(tx)
    return {}
  })
}

/** The teams must exist. */
export async function setQueueTeams(
  tx: Tx,
  caller: Caller,
  id: number,
  teamIds: readonly number[],
  version?: number,
): Promise<void> {
  await alter(tx, caller, id, async (before) => {
    requireVersion(version, before.version)
    await tx.deleteFrom('queue_team').where('queue_id', '=', id).execute()
    await sql`insert into queue_team (queue_id, team_id)
              select ${id}::bigint, unnest(${[...new Set(teamIds)]}::bigint[])`.execute(tx)
    return {}
  })
}

/** That nothing waits in it and nobody names it is for the caller to see to, under `lockQueue`. */
export async function removeQueue(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const before = await lockQueue(tx, id)
  await tx.deleteFrom('queue').where('id', '=', id).execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'queue',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Queues in which one team works get another. */
export async function replaceTeamInQueues(tx: Tx, caller: Caller, from: number, to: number): Promise<void> {
  for (const id of await queuesWith(
    tx,
    sql`select from queue_team where queue_id = queue.id and team_id = ${from}`,
  ))
    await alter(tx, caller, id, async () => {
      await sql`insert into queue_team (queue_id, team_id) values (${id}, ${to}) on conflict do nothing`.execute(
        tx,
      )
      await tx.deleteFrom('queue_team').where('queue_id', '=', id).where('team_id', '=', from).execute()
      return {}
    })
}

/** Queues that ask for one skill ask for another, unless they do so already. */
export async function replaceSkillInQueues(tx: Tx, caller: Caller, from: number, to: number): Promise<void> {
  for (const id of await queuesWith(
    tx,
    sql`select from queue_skill where queue_id = queue.id and skill_id = ${from}`,
  ))
    await alter(tx, caller, id, async () => {
      await sql`
        update queue_skill set skill_id = ${to} where queue_id = ${id} and skill_id = ${from}
          and not exists (select from queue_skill other where other.queue_id = ${id} and other.skill_id = ${to})`.execute(
        tx,
      )
      await tx.deleteFrom('queue_skill').where('queue_id', '=', id).where('skill_id', '=', from).execute()
      return {}
    })
}

async function queuesWith(tx: Tx, line: RawBuilder<unknown>): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from queue where exists (${line}) order by id`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}

/** Against every other change, and against being named anew by an account's actions. */
export async function lockQueue(tx: Tx, id: number): Promise<QueueRow> {
  await tx.selectFrom('queue').select('id').where('id', '=', id).forUpdate().execute()
  return find(tx, id)
}

async function alter(
  tx: Tx,
  caller: Caller,
  id: number,
  work: (before: QueueRow) => Promise<UpdateObject<DB, 'queue'>>,
): Promise<void> {
  const before = await lockQueue(tx, id)
  await tx
    .updateTable('queue')
    .set({ ...(await work(before)), version: before.version + 1, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
  await record(tx, caller, {
    action: 'changed',
    object: 'queue',
    objectId: id,
    before,
    after: await find(tx, id),
  })
}

async function find(tx: Tx, id: number): Promise<QueueRow> {
  const row = await selectQueues(tx).where('queue.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no queue ${id}.`)
  return row
}

async function askFor(tx: Tx, queueId: number, skills: readonly RequiredSkill[]): Promise<void> {
  await requireSkills(tx, skills)
  await setQueueSkills(tx, queueId, skills)
}

function columnsOf(input: NewQueue | QueuePatch) {
  return {
    description: input.description,
    strategy: input.strategy,
    agent_timeout_seconds: input.agentTimeoutSeconds,
    weight: input.weight,
    disposition_required: input.dispositionRequired,
    group_name: input.group?.trim(),
    wrap_up_seconds: input.wrapUpSeconds,
    auto_answer: input.autoAnswer,
  }
}

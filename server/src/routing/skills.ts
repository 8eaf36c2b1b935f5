/** Skills: the levels that agents have, and those that queues ask for, less with time. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { RequiredSkill, SkillLevel } from '@patchbay/protocol/api/skills.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { Tx } from '../db.ts'

export async function createSkill(tx: Tx, caller: Caller, name: string): Promise<number> {
  const row = await tx
    .insertInto('skill')
    .values({ name: name.trim() })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a skill of this name'))
  await record(tx, caller, { action: 'created', object: 'skill', objectId: row.id, after: row })
  return row.id
}

export async function renameSkill(
  tx: Tx,
  caller: Caller,
  id: number,
  { name, version }: { name: string; version?: number | undefined },
): Promise<void> {
  const before = await find(tx, id)
  requireVersion(version, before.version)
  const after = { ...before, name: name.trim(), version: before.version + 1 }
  await tx
    .updateTable('skill')
    .set({ name: after.name, version: after.version })
    .where('id', '=', id)
    .execute()
    .catch(refuseDuplicate('a skill of this name'))
  await record(tx, caller, { action: 'changed', object: 'skill', objectId: id, before, after })
}

/** Agents lose it. That no queue asks for it is for the caller to see to, under `lockSkill`. */
export async function removeSkill(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const before = await find(tx, id)
  await tx.deleteFrom('skill').where('id', '=', id).execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'skill',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Who has both keeps the higher level. */
export async function replaceSkillOfUsers(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    insert into user_skill (user_id, skill_id, level) select user_id, ${to}::bigint, level from user_skill where skill_id = ${from}
    on conflict (user_id, skill_id) do update set level = greatest(user_skill.level, excluded.level)`.execute(
    tx,
  )
}

/** Against a queue that is about to ask for it. */
export async function lockSkill(tx: Tx, id: number): Promise<void> {
  await find(tx, id)
}

async function find(tx: Tx, id: number) {
  const row = await tx.selectFrom('skill').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no skill ${id}.`)
  return row
}

/** The user must exist, and the skills be known: `requireSkills`. */
export async function setUserSkills(
  tx: Tx,
  caller: Caller,
  userId: number,
  skills: readonly SkillLevel[],
): Promise<SkillLevel[]> {
  const before = await userSkills(tx, userId)
  await tx.deleteFrom('user_skill').where('user_id', '=', userId).execute()
  await sql`insert into user_skill (user_id, skill_id, level)
    select ${userId}::bigint, skill_id, level
    from unnest(${skills.map(({ skillId }) => skillId)}::bigint[], ${skills.map(({ level }) => level)}::int[])
      as skill (skill_id, level)`.execute(tx)
  const after = await userSkills(tx, userId)
  await record(tx, caller, {
    action: 'changed',
    object: 'app_user',
    objectId: userId,
    before: { skills: before },
    after: { skills: after },
  })
  return after
}

function userSkills(tx: Tx, userId: number): Promise<SkillLevel[]> {
  return tx
    .selectFrom('user_skill')
    .select(['skill_id as skillId', 'level'])
    .where('user_id', '=', userId)
    .orderBy('skill_id')
    .execute()
}

/** Each at most once, and less with time. The skills must be known: `requireSkills`. */
export async function setQueueSkills(
  tx: Tx,
  queueId: number,
  skills: readonly RequiredSkill[],
): Promise<void> {
  for (const [index, { level, relax }] of skills.entries()) {
    const steps = [{ afterSeconds: 0, level }, ...relax]
    const isFalling = steps.every(
      (step, at) =>
        at === 0 ||
        (step.afterSeconds > (steps[at - 1]?.afterSeconds ?? 0) && step.level < (steps[at - 1]?.level ?? 0)),
    )
    if (!isFalling)
      throw new Refusal('GE-101', 'Each step must come later than the one before and ask for less.', {
        field: `skills[${index}].relax`,
      })
  }
  const steps = skills.flatMap(({ skillId, level, relax }) =>
    [{ afterSeconds: 0, level }, ...relax].map((step) => ({ skillId, ...step })),
  )
  await tx.deleteFrom('queue_skill').where('queue_id', '=', queueId).execute()
  await sql`insert into queue_skill (queue_id, skill_id, after_seconds, level)
    select ${queueId}::bigint, skill_id, after_seconds, level
    from unnest(${steps.map(({ skillId }) => skillId)}::bigint[], ${steps.map(({ afterSeconds }) => afterSeconds)}::int[],
                ${steps.map(({ level }) => level)}::int[]) as step (skill_id, after_seconds, level)`.execute(
    tx,
  )
}

/** Refuses a skill that does not exist or is named twice. Those named cannot be deleted before the transaction ends. */
export async function requireSkills(tx: Tx, skills: readonly { skillId: number }[]): Promise<void> {
  const ids = skills.map(({ skillId }) => skillId)
  const { rows } = await sql<{ id: number }>`
    select id from skill where id = any(${ids}::bigint[]) order by id for key share`.execute(tx)
  const known = new Set(rows.map(({ id }) => id))
  const index = ids.findIndex((id, at) => !known.has(id) || ids.indexOf(id) < at)
  if (index < 0) return
  const detail = known.has(ids[index] ?? 0) ? 'A skill is named twice.' : `There is no skill ${ids[index]}.`
  throw new Refusal('GE-101', detail, { field: `skills[${index}].skillId` })
}

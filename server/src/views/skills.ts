/** Skills as they are shown: who has them, and which queues ask for them. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Skill, skillsApi } from '@patchbay/protocol/api/skills.ts'
import { sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'

type Row = Omit<Skill, 'createdAt'> & { created_at: Date }

export function skillViewRoutes({
  db,
}: Context): Handlers<Pick<typeof skillsApi, 'GET /api/openchannel/skills'>> {
  return {
    'GET /api/openchannel/skills': async () => {
      const rows = await select(db)
      return { count: rows.length, rows }
    },
  }
}

export async function readSkill(db: Db | Tx, id: number): Promise<Skill> {
  const [skill] = await select(db, id)
  if (!skill) throw new Refusal('GE-105', `There is no skill ${id}.`)
  return skill
}

/** By name. */
async function select(db: Db | Tx, id: number | null = null): Promise<Skill[]> {
  const { rows } = await sql<Row>`
    select id, name, version, created_at,
      (select coalesce(json_agg(json_build_object('userId', user_id, 'level', level) order by user_id), '[]')
       from user_skill where skill_id = skill.id) as agents,
      (select coalesce(json_agg(json_build_object('id', queue.id, 'name', queue.name) order by lower(queue.name)), '[]')
       from queue where exists (select from queue_skill where queue_id = queue.id and skill_id = skill.id)) as queues
    from skill where id = ${id} or ${id}::bigint is null order by lower(name)`.execute(db)
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }))
}

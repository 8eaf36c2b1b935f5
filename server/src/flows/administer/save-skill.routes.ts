/** Routes that make and change skills, and what agents have of them. What waits may suit other agents from then on, hence `route`. */
import { transaction } from '@patchbay/kit/database.ts'
import type { skillsApi } from '@patchbay/protocol/api/skills.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { createSkill, renameSkill, requireSkills, setUserSkills } from '../../routing/skills.ts'
import { requireAll } from '../../views/known.ts'
import { readSkill } from '../../views/skills.ts'

type Routes = Omit<typeof skillsApi, 'GET /api/openchannel/skills' | 'DELETE /api/openchannel/skills/:id'>

export function saveSkillRoutes(ctx: Context): Handlers<Routes> {
  const save = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const saved = await transaction(ctx.db, work)
    ctx.push.ring({ changed: 'queues', route: true })
    return saved
  }

  return {
    'POST /api/openchannel/skills': ({ caller, body }) =>
      save(async (tx) => readSkill(tx, await createSkill(tx, caller, body.name))),

    'PATCH /api/openchannel/skills/:id': ({ caller, params: { id }, body }) =>
      save(async (tx) => {
        await renameSkill(tx, caller, id, body)
        return readSkill(tx, id)
      }),

    'PUT /api/users/:id/skills': ({ caller, params: { id }, body }) =>
      save(async (tx) => {
        await requireAll(tx, 'app_user', [id], 'id')
        await requireSkills(tx, body.skills)
        return { skills: await setUserSkills(tx, caller, id, body.skills) }
      }),
  }
}

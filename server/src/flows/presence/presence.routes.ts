/** Setting presence, one's own and that of those whom one leads, and reading theirs. */
import { transaction } from '@patchbay/kit/database.ts'
import type { presenceApi } from '@patchbay/protocol/api/presence.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Handlers } from '../../access/endpoint.ts'
import { record } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { minutesOf } from '../../routing/pauses.ts'
import { setPresence, setPresenceOf, signOut } from '../../routing/presence.ts'
import { presenceOf } from '../../views/agents.ts'
import { listAgents, listPeriods, readAgent } from '../../views/presences.ts'

type Routes = Pick<typeof sessionApi, 'PUT /api/me/presence'> &
  Pick<
    typeof presenceApi,
    'PUT /api/users/:id/presence' | 'GET /api/openchannel/agents' | 'GET /api/users/:id/presence/periods'
  >

export function presenceRoutes({ db, push }: Context): Handlers<Routes> {
  return {
    'PUT /api/me/presence': async ({ caller, body }) => {
      const wanted = { state: body.state, reason: body.reason ?? null }
      const minutes = await minutesOf(db, wanted)
      await setPresence(db, caller.user.id, { ...wanted, minutes, byProgram: caller.via !== 'session' })
      push.ring({ users: [caller.user.id], route: true })
      return presenceOf(db, caller.user.id)
    },

    'PUT /api/users/:id/presence': async ({ caller, params: { id }, body }) => {
      const wanted = { state: body.state, reason: body.reason ?? null }
      const note = body.note?.trim() || null
      const agent = await transaction(db, async (tx) => {
        const before = await readAgent(tx, caller, id)
        const minutes = await minutesOf(tx, wanted)
        await setPresenceOf(tx, id, { ...wanted, minutes, byUserId: caller.user.id, note })
        const after = { ...wanted, note }
        const { state, reason } = before.presence
        await record(tx, caller, {
          action: 'changed',
          object: 'presence',
          objectId: id,
          before: { state, reason, note: null },
          after,
        })
        return readAgent(tx, caller, id)
      })
      push.ring({ users: [id], route: true })
      return agent
    },

    'GET /api/openchannel/agents': ({ caller, query }) => listAgents(db, caller, query),

    'GET /api/users/:id/presence/periods': ({ caller, params, query }) =>
      listPeriods(db, caller, params.id, query),
  }
}

export async function leave({ db, push }: Pick<Context, 'db' | 'push'>, userId: number): Promise<void> {
  if (await signOut(db, userId)) push.ring({ users: [userId], route: true })
}

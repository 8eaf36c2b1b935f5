/** Routes of teams. */
import { transaction } from '@patchbay/kit/database.ts'
import type { peopleApi } from '@patchbay/protocol/api/people.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import * as teams from './teams.ts'

type Routes = Pick<
  typeof peopleApi,
  'GET /api/teams' | 'POST /api/teams' | 'PATCH /api/teams/:id' | 'PUT /api/teams/:id/users'
>

export function teamsRoutes({ db, push, gatekeeper }: Context): Handlers<Routes> {
  // Whoever came or left sees other accounts now, and may be asked by other queues.
  const announce = (moved: readonly number[] = []): void => {
    for (const userId of moved) gatekeeper.forget(userId)
    push.ring({ changed: 'teams', route: moved.length > 0 })
  }

  return {
    'GET /api/teams': ({ query }) => teams.list(db, query),

    'POST /api/teams': async ({ caller, body }) => {
      const team = await transaction(db, (tx) => teams.create(tx, caller, body.name))
      announce()
      return team
    },

    'PATCH /api/teams/:id': async ({ caller, params, body }) => {
      const team = await transaction(db, (tx) => teams.rename(tx, caller, params.id, body))
      announce()
      return team
    },

    'PUT /api/teams/:id/users': async ({ caller, params, body }) => {
      const { team, moved } = await transaction(db, (tx) =>
        teams.setMembers(tx, caller, params.id, body.ids, body.version),
      )
      announce(moved)
      return team
    },
  }
}

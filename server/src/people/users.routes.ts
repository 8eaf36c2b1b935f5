/** Routes that read and make users. */
import { transaction } from '@patchbay/kit/database.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import type { peopleApi } from '@patchbay/protocol/api/people.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import { queueInvitation } from './password-links.ts'
import * as users from './users.ts'

type Routes = Pick<typeof peopleApi, 'GET /api/users' | 'GET /api/users/:id' | 'POST /api/users'>

export function usersRoutes({ db, push }: Context): Handlers<Routes> {
  return {
    'GET /api/users': ({ caller, query }) => users.list(db, caller, query),

    'GET /api/users/:id': ({ params }) => users.find(db, params.id),

    'POST /api/users': async ({ caller, body: { password, mail = true, ...wanted } }) => {
      const passwordHash = password === undefined ? null : await choosePassword(password, wanted.email)
      const user = await transaction(db, async (tx) => {
        const made = await users.create(tx, caller, { ...wanted, passwordHash })
        if (made.invited && mail) await queueInvitation(tx, caller, made.id)
        return made
      })
      push.ring({ changed: 'users' })
      return user
    },
  }
}

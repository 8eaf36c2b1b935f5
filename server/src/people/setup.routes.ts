/** Routes of the set-up. */
import { transaction } from '@patchbay/kit/database.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import { readMe } from './me.ts'
import { isOpenFor, setUp } from './setup.ts'
import { signIn } from './sign-in.ts'

type Routes = Pick<typeof sessionApi, 'GET /api/setup' | 'POST /api/setup'>

export function setupRoutes(ctx: Context): Handlers<Routes> {
  const { db } = ctx

  return {
    'GET /api/setup': async ({ query }) => ({ open: await isOpenFor(db, query.code) }),

    'POST /api/setup': async ({ body: { code, password, ...wanted }, request, reply }) => {
      // Asked before the slow hash, so that a stranger cannot keep the machine busy.
      if (!(await isOpenFor(db, code))) throw new Refusal('AU-103')
      const passwordHash = await choosePassword(password, wanted.email)
      const user = await transaction(db, (tx) => setUp(tx, code, { ...wanted, passwordHash }))
      await signIn(ctx, user, request, reply, 'password')
      return readMe(ctx, user.id)
    },
  }
}

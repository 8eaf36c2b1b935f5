/** What a person reads and changes of himself. */
import { transaction } from '@patchbay/kit/database.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { readMe } from './me.ts'
import { voidLinks } from './password-links.ts'

type Routes = Pick<typeof sessionApi, 'GET /api/me' | 'PATCH /api/me'>

export function meRoutes(ctx: Context): Handlers<Routes> {
  const { db, push, gatekeeper } = ctx

  return {
    'GET /api/me': ({ caller }) => readMe(ctx, caller.user.id, caller.viewer),

    'PATCH /api/me': async ({ caller, body, request }) => {
      const { id, email } = caller.user
      const { fullname, locale, password, currentPassword } = body
      if (password !== undefined) {
        if (currentPassword === undefined)
          throw new Refusal('GE-101', 'currentPassword is missing.', { field: 'currentPassword' })
        await gatekeeper.checkPassword(email, currentPassword, caller.address)
      }
      const password_hash = password && (await choosePassword(password, email))
      await transaction(db, async (tx) => {
        const before = await tx
          .selectFrom('app_user')
          .select(['fullname', 'locale'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirstOrThrow()
        await tx
          .updateTable('app_user')
          .set({ fullname, locale, password_hash, updated_at: sql`now()` })
          .where('id', '=', id)
          .execute()
        if (password_hash) {
          await sessions.endAll(tx, id, request.cookies[gatekeeper.cookie.name])
          await voidLinks(tx, id)
        }
        const action = password_hash ? 'changed-password' : 'changed'
        await audit.record(tx, caller, {
          action,
          object: 'app_user',
          objectId: id,
          before,
          after: { fullname: fullname ?? before.fullname, locale: locale ?? before.locale },
        })
      })
      gatekeeper.forget(id)
      if (fullname !== undefined) push.ring({ changed: 'users' })
      return readMe(ctx, id)
    },
  }
}

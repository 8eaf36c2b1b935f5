/** Routes of invitations and of forgotten passwords. */
import { transaction } from '@patchbay/kit/database.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { createThrottle, forResets } from '@patchbay/kit/throttle.ts'
import type { peopleApi } from '@patchbay/protocol/api/people.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import * as links from './password-links.ts'
import { requireCoverOfUser } from './roles.ts'
import { admit } from './sign-in.ts'
import * as users from './users.ts'

type Routes = Pick<
  typeof sessionApi,
  'POST /api/password-resets' | 'POST /api/password-links/check' | 'POST /api/password-links'
> &
  Pick<typeof peopleApi, 'POST /api/users/:id/invitation'>

export function passwordLinksRoutes(ctx: Context): Handlers<Routes> {
  const { db, config, gatekeeper } = ctx
  const throttle = createThrottle(forResets)

  return {
    'POST /api/password-resets': async ({ body, request }) => {
      await throttle.attempt(body.email, request.ip)
      await transaction(db, (tx) => links.queueReset(tx, body.email, request.ip))
      return {}
    },

    'POST /api/password-links/check': async ({ body }) => {
      const link = await links.findLink(db, body.code)
      if (!link) throw new Refusal('AU-107')
      const { kind, email, fullname } = link
      return { kind, email, fullname }
    },

    'POST /api/password-links': async ({ body: { code, password }, request, reply }) => {
      // Asked before the slow hash, so that a stranger cannot keep the machine busy.
      const link = await links.findLink(db, code)
      if (!link) throw new Refusal('AU-107')
      const passwordHash = await choosePassword(password, link.email)
      const user = await transaction(db, (tx) => links.useLink(tx, code, passwordHash, request.ip))
      gatekeeper.forget(user.id)
      ctx.push.ring({ changed: 'users' })
      return admit(ctx, user, request, reply)
    },

    'POST /api/users/:id/invitation': ({ caller, params: { id }, body }) =>
      transaction(db, async (tx) => {
        const user = await users.find(tx, id)
        if (!user.invited || user.disabled) throw new Refusal('PE-102')
        await requireCoverOfUser(tx, caller, id)
        if (body.mail ?? true) {
          await links.queueInvitation(tx, caller, id)
          return { url: null, expiresAt: null }
        }
        const { code, expiresAt } = await links.makeLink(tx, id, 'invitation')
        await audit.record(tx, caller, { action: 'took-invitation-link', object: 'app_user', objectId: id })
        return { url: links.urlOf(config.publicUrl, code), expiresAt: expiresAt.toISOString() }
      }),
  }
}

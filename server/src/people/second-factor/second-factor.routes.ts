/** What a user does with his own second factor, and an admin with that of somebody who lost it. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import * as sessions from '../../access/sessions.ts'
import { rulesOf } from '../../access/sign-in-rules.ts'
import * as audit from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { requireCoverOfUser } from '../roles.ts'
import * as users from '../users.ts'
import * as factor from './second-factor.ts'

type Routes = Pick<
  typeof signInApi,
  | 'GET /api/me/second-factor'
  | 'POST /api/me/second-factor'
  | 'POST /api/me/second-factor/confirm'
  | 'POST /api/me/second-factor/recovery-codes'
  | 'POST /api/me/second-factor/off'
  | 'DELETE /api/users/:id/second-factor'
>

export function secondFactorRoutes(ctx: Context): Handlers<Routes> {
  const { db, config, sealingKey, gatekeeper, push } = ctx
  const note = (tx: Tx, caller: Caller, action: string, objectId = caller.user.id) =>
    audit.record(tx, caller, { action, object: 'app_user', objectId })

  return {
    'GET /api/me/second-factor': ({ caller }) => factor.readSecondFactor(db, caller.user.id),

    'POST /api/me/second-factor': async ({ caller: { user, address }, body }) => {
      await gatekeeper.checkPassword(user.email, body.currentPassword, address)
      return factor.begin(db, sealingKey, user, config.publicUrl)
    },

    'POST /api/me/second-factor/confirm': async ({ caller, body, request }) => {
      const { id } = caller.user
      await factor.countAttempt(db, id, 'beginning')
      const recoveryCodes = await transaction(db, async (tx) => {
        const codes = await factor.confirm(tx, sealingKey, id, body.code)
        const token = request.cookies[gatekeeper.cookie.name] ?? ''
        await sessions.endAll(tx, id, token)
        await sessions.raise(tx, token)
        await note(tx, caller, 'turned-on-second-factor')
        return codes
      })
      gatekeeper.forget(id)
      push.ring({ changed: 'users' })
      return { recoveryCodes }
    },

    'POST /api/me/second-factor/recovery-codes': async ({ caller, body }) => {
      const { id } = caller.user
      await factor.countAttempt(db, id, 'on')
      const recoveryCodes = await transaction(db, async (tx) => {
        await factor.requireCode(tx, sealingKey, id, body.code)
        await note(tx, caller, 'made-recovery-codes')
        return factor.replaceRecoveryCodes(tx, id)
      })
      return { recoveryCodes }
    },

    'POST /api/me/second-factor/off': async ({ caller, body }) => {
      const { id, email } = caller.user
      await gatekeeper.checkPassword(email, body.currentPassword, caller.address)
      const { needsSecondFactor } = await rulesOf(db, id)
      if (needsSecondFactor) throw new Refusal('AU-112')
      await factor.countAttempt(db, id, 'on')
      await transaction(db, async (tx) => {
        await factor.requireCode(tx, sealingKey, id, body.code)
        await factor.remove(tx, id)
        await note(tx, caller, 'turned-off-second-factor')
      })
      gatekeeper.forget(id)
      push.ring({ changed: 'users' })
      return factor.readSecondFactor(db, id)
    },

    'DELETE /api/users/:id/second-factor': async ({ caller, params: { id } }) => {
      await transaction(db, async (tx) => {
        await users.find(tx, id)
        await requireCoverOfUser(tx, caller, id)
        if (!(await factor.remove(tx, id))) return
        await sessions.endAll(tx, id)
        await note(tx, caller, 'reset-second-factor', id)
      })
      gatekeeper.forget(id)
      push.ring({ changed: 'users' })
      return null
    },
  }
}

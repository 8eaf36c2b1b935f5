/** Routes of the accounts room: reading accounts, their tokens and secrets, and what the echo receiver took in. */
import { transaction } from '@patchbay/kit/database.ts'
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import { toAccount } from './account-row.ts'
import * as accounts from './accounts.ts'
import type { Directory } from './directory.ts'
import { listEchoes } from './echo.ts'
import { endOldToken, revealSecret, rotateSecret, rotateToken } from './rotate.ts'

type Routes = Pick<
  typeof accountsApi,
  | 'GET /api/openchannel/accounts'
  | 'GET /api/openchannel/accounts/:id'
  | 'POST /api/openchannel/accounts/:id/token'
  | 'DELETE /api/openchannel/accounts/:id/token/old'
  | 'POST /api/openchannel/accounts/:id/secret'
  | 'GET /api/openchannel/accounts/:id/echoes'
>

const USUAL_OVERLAP_SECONDS = 24 * 60 * 60

export function accountsRoutes(ctx: Context, directory: Directory): Handlers<Routes> {
  const { db, sealingKey } = ctx

  const announce = async (): Promise<void> => {
    ctx.push.ring({ changed: 'accounts' })
    await directory.refresh()
  }

  return {
    'GET /api/openchannel/accounts': ({ caller, query }) => accounts.list(ctx, caller, query),

    'GET /api/openchannel/accounts/:id': async ({ caller, params }) =>
      toAccount(ctx, caller, await accounts.find(db, caller, params.id)),

    'POST /api/openchannel/accounts/:id/token': async ({ caller, params, body }) => {
      const overlapSeconds = body.overlapSeconds ?? USUAL_OVERLAP_SECONDS
      const row = await transaction(db, (tx) =>
        rotateToken(tx, sealingKey, caller, params.id, overlapSeconds),
      )
      await announce()
      return toAccount(ctx, caller, row)
    },

    'DELETE /api/openchannel/accounts/:id/token/old': async ({ caller, params }) => {
      const row = await transaction(db, (tx) => endOldToken(tx, caller, params.id))
      await announce()
      return toAccount(ctx, caller, row)
    },

    'POST /api/openchannel/accounts/:id/secret': async ({ caller, params, body }) => {
      if (!body.rotate) return transaction(db, (tx) => revealSecret(tx, sealingKey, caller, params.id))
      const secret = await transaction(db, (tx) => rotateSecret(tx, sealingKey, caller, params.id))
      await announce()
      return secret
    },

    'GET /api/openchannel/accounts/:id/echoes': async ({ caller, params }) => {
      await accounts.find(db, caller, params.id)
      return listEchoes(db, params.id)
    },
  }
}

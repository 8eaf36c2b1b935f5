/** Routes that try an account's Receive URL and Reply URL. */
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import { tryReceive, tryReply } from './connect.ts'

type Routes = Pick<
  typeof accountsApi,
  'POST /api/openchannel/accounts/:id/try-receive' | 'POST /api/openchannel/accounts/:id/try-reply'
>

export function connectRoutes(ctx: Context, directory: Directory): Handlers<Routes> {
  return {
    'POST /api/openchannel/accounts/:id/try-receive': ({ caller, params, body, request }) =>
      tryReceive(ctx, caller, params.id, request.socket, body),

    'POST /api/openchannel/accounts/:id/try-reply': ({ caller, params, body }) =>
      tryReply(ctx, directory, caller, params.id, body.replyUrl),
  }
}

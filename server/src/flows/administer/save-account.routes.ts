/** Routes that make, change and delete accounts. */
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Handlers } from '../../access/endpoint.ts'
import { toAccount } from '../../accounts/account-row.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import { changeAccount, createAccount, setAgents, setTeams } from './save-account.ts'
import { setActions } from './save-actions.ts'

type Routes = Pick<
  typeof accountsApi,
  | 'POST /api/openchannel/accounts'
  | 'PATCH /api/openchannel/accounts/:id'
  | 'PUT /api/openchannel/accounts/:id/agents'
  | 'PUT /api/openchannel/accounts/:id/teams'
  | 'PUT /api/openchannel/accounts/:id/actions'
>

export function saveAccountRoutes(ctx: Context, directory: Directory): Handlers<Routes> {
  return {
    'POST /api/openchannel/accounts': async ({ caller, body }) =>
      toAccount(ctx, caller, await createAccount(ctx, directory, caller, body)),

    'PATCH /api/openchannel/accounts/:id': async ({ caller, params, body }) =>
      toAccount(ctx, caller, await changeAccount(ctx, directory, caller, params.id, body)),

    'PUT /api/openchannel/accounts/:id/agents': async ({ caller, params, body }) =>
      toAccount(ctx, caller, await setAgents(ctx, directory, caller, params.id, body.ids, body.version)),

    'PUT /api/openchannel/accounts/:id/teams': async ({ caller, params, body }) =>
      toAccount(ctx, caller, await setTeams(ctx, directory, caller, params.id, body.ids, body.version)),

    'PUT /api/openchannel/accounts/:id/actions': async ({ caller, params, body }) =>
      toAccount(ctx, caller, await setActions(ctx, directory, caller, params.id, body)),
  }
}

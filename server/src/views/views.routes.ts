/** What the desk reads: lists of the inbox and threads. */
import type { interactionsApi } from '@patchbay/protocol/api/interactions.ts'
import type { Handlers } from '../access/endpoint.ts'
import { accountsOf } from '../access/standing.ts'
import type { Context } from '../context.ts'
import type { Board } from './board.ts'
import * as inbox from './inbox.ts'
import * as thread from './thread.ts'

type Table = Pick<
  typeof interactionsApi,
  'GET /api/openchannel/inbox' | 'GET /api/openchannel/interactions/:id/thread'
>

export function viewsRoutes(ctx: Pick<Context, 'db' | 'config'>, board: Board): Handlers<Table> {
  const { db } = ctx
  return {
    'GET /api/openchannel/inbox': async ({ caller, query }) => {
      const [page, accountIds] = await Promise.all([
        inbox.list(db, caller, query),
        accountsOf(db, caller),
        board.fresh(),
      ])
      return { ...page, counts: board.counts(caller.user.id, accountIds) }
    },
    'GET /api/openchannel/interactions/:id/thread': ({ caller, params, query }) =>
      thread.read(ctx, caller, params.id, query),
  }
}

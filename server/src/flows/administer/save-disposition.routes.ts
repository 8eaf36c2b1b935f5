/** Routes that make, change and delete dispositions. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Disposition, dispositionsApi } from '@patchbay/protocol/api/dispositions.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import * as dispositions from '../../dispositions/dispositions.ts'
import { readDisposition } from '../../views/dispositions.ts'
import { requireAll } from '../../views/known.ts'

type Routes = Pick<typeof dispositionsApi, 'POST /api/dispositions' | 'PATCH /api/dispositions/:id'>

export function saveDispositionRoutes(ctx: Context): Handlers<Routes> {
  /** `work` answers the id of the disposition. */
  const save = async (work: (tx: Tx) => Promise<number>): Promise<Disposition> => {
    const disposition = await transaction(ctx.db, async (tx) => readDisposition(tx, await work(tx)))
    ctx.push.ring({ changed: 'dispositions' })
    return disposition
  }

  return {
    'POST /api/dispositions': ({ caller, body }) =>
      save(async (tx) => {
        await requireScope(tx, body)
        return dispositions.create(tx, caller, body)
      }),

    'PATCH /api/dispositions/:id': ({ caller, params: { id }, body }) =>
      save(async (tx) => {
        await requireScope(tx, body)
        await dispositions.change(tx, caller, id, body)
        return id
      }),
  }
}

interface Scope {
  listId?: number | null | undefined
  accountId?: number | null | undefined
  queueId?: number | null | undefined
}

/** What it shall belong to stays until the end of the transaction. */
async function requireScope(tx: Tx, { listId, accountId, queueId }: Scope): Promise<void> {
  if (listId != null) await requireAll(tx, 'list', [listId], 'listId')
  if (accountId != null) await requireAll(tx, 'account', [accountId], 'accountId')
  if (queueId != null) await requireAll(tx, 'queue', [queueId], 'queueId')
}

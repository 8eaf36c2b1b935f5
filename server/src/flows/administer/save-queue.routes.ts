/** Routes that make and change queues. Each answers the queue as it is shown. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Queue, queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { changeQueue, createQueue, setQueueAgents, setQueueTeams } from '../../routing/queues.ts'
import { requireAll } from '../../views/known.ts'
import { readQueue } from '../../views/queues.ts'

type Routes = Pick<
  typeof queuesApi,
  | 'POST /api/openchannel/queues'
  | 'PATCH /api/openchannel/queues/:id'
  | 'PUT /api/openchannel/queues/:id/agents'
  | 'PUT /api/openchannel/queues/:id/teams'
>

export function saveQueueRoutes(ctx: Context): Handlers<Routes> {
  /** `work` answers the id of the queue. What waits in it may go to other agents from now on, hence `route`. */
  const save = async (caller: Caller, work: (tx: Tx) => Promise<number>): Promise<Queue> => {
    const queue = await transaction(ctx.db, async (tx) => readQueue(tx, caller, await work(tx)))
    ctx.push.ring({ changed: 'queues', route: true })
    return queue
  }

  return {
    'POST /api/openchannel/queues': ({ caller, body }) => save(caller, (tx) => createQueue(tx, caller, body)),

    'PATCH /api/openchannel/queues/:id': ({ caller, params: { id }, body }) =>
      save(caller, async (tx) => {
        await changeQueue(tx, caller, id, body)
        return id
      }),

    'PUT /api/openchannel/queues/:id/agents': ({ caller, params: { id }, body }) =>
      save(caller, async (tx) => {
        await requireAll(tx, 'app_user', body.ids, 'ids')
        await setQueueAgents(tx, caller, id, body.ids, body.version)
        return id
      }),

    'PUT /api/openchannel/queues/:id/teams': ({ caller, params: { id }, body }) =>
      save(caller, async (tx) => {
        await requireAll(tx, 'team', body.ids, 'ids')
        await setQueueTeams(tx, caller, id, body.ids, body.version)
        return id
      }),
  }
}

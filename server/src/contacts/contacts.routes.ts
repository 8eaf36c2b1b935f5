/** Routes of the contacts room: what an admin arranges, and tags. Contacts themselves are read in views and changed by a flow. */
import { transaction } from '@patchbay/kit/database.ts'
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import type { Changed } from '../push/ring.ts'
import { changeField, createField } from './fields.ts'
import { changeList, createList, requireList, selectLists, toList } from './lists.ts'
import { changeTag, createTag, listTags } from './tags.ts'

type Routes = Pick<
  typeof contactsApi,
  | 'POST /api/lists'
  | 'PATCH /api/lists/:id'
  | 'POST /api/lists/:id/fields'
  | 'POST /api/fields'
  | 'PATCH /api/fields/:id'
  | 'GET /api/tags'
  | 'POST /api/tags'
  | 'PATCH /api/tags/:id'
>

export function contactsRoutes(ctx: Context): Handlers<Routes> {
  const change = async <T>(what: Changed, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const answer = await transaction(ctx.db, work)
    ctx.push.ring({ changed: what })
    return answer
  }
  const shownList = async (tx: Tx, id: number) =>
    toList(await selectLists(tx).where('id', '=', id).executeTakeFirstOrThrow())

  return {
    'POST /api/lists': ({ caller, body }) =>
      change('lists', async (tx) => shownList(tx, (await createList(tx, caller, body)).id)),

    'PATCH /api/lists/:id': ({ caller, params, body }) =>
      change('lists', async (tx) => shownList(tx, (await changeList(tx, caller, params.id, body)).id)),

    'POST /api/lists/:id/fields': ({ caller, params, body }) =>
      change('lists', async (tx) => {
        await requireList(tx, params.id)
        return createField(tx, caller, params.id, body)
      }),

    'POST /api/fields': ({ caller, body }) => change('lists', (tx) => createField(tx, caller, null, body)),

    'PATCH /api/fields/:id': ({ caller, params, body }) =>
      change('lists', (tx) => changeField(tx, caller, params.id, body)),

    'GET /api/tags': ({ query }) => listTags(ctx.db, query),

    'POST /api/tags': ({ caller, body }) => change('tags', (tx) => createTag(tx, caller, body)),

    'PATCH /api/tags/:id': ({ caller, params, body }) =>
      change('tags', (tx) => changeTag(tx, caller, params.id, body)),
  }
}

/** Routes of pauses and of the rules of presence. */
import { transaction } from '@patchbay/kit/database.ts'
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import type { presenceApi } from '@patchbay/protocol/api/presence.ts'
import { type SqlBool, sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { changePause, changeRules, createPause, readRules, removePause, toPause } from './pauses.ts'

type Routes = Pick<
  typeof presenceApi,
  | 'GET /api/openchannel/pauses'
  | 'POST /api/openchannel/pauses'
  | 'PATCH /api/openchannel/pauses/:id'
  | 'DELETE /api/openchannel/pauses/:id'
  | 'GET /api/openchannel/presence-rules'
  | 'PUT /api/openchannel/presence-rules'
>

export function pausesRoutes({ db, push }: Context): Handlers<Routes> {
  const save = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const saved = await transaction(db, work)
    push.ring({ changed: 'pauses' })
    return saved
  }
  return {
    'GET /api/openchannel/pauses': async ({ query }) => {
      const page = readPage(query, ['number', 'number'])
      const [rows, { count }] = await Promise.all([
        db
          .selectFrom('pause')
          .selectAll()
          .$if(page.after !== undefined, (pauses) =>
            pauses.where(sql<SqlBool>`(place, id) > (${page.after?.[0]}, ${page.after?.[1]})`),
          )
          .orderBy('place')
          .orderBy('id')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        db
          .selectFrom('pause')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow(),
      ])
      return listAnswer(page, rows, count, toPause, (row) => [row.place, row.id])
    },

    'POST /api/openchannel/pauses': ({ caller, body }) => save((tx) => createPause(tx, caller, body)),

    'PATCH /api/openchannel/pauses/:id': ({ caller, params, body }) =>
      save((tx) => changePause(tx, caller, params.id, body)),

    'DELETE /api/openchannel/pauses/:id': async ({ caller, params }) => {
      await save((tx) => removePause(tx, caller, params.id))
      return null
    },

    'GET /api/openchannel/presence-rules': () => readRules(db),

    'PUT /api/openchannel/presence-rules': ({ caller, body }) => save((tx) => changeRules(tx, caller, body)),
  }
}

/** The built-in echo receiver: a Reply URL of our own, so that an account can be tried before the real one stands. */
import type { IncomingMessage } from 'node:http'
import { readText } from '@patchbay/kit/body.ts'
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Echo } from '@patchbay/protocol/api/accounts.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { isEchoMac } from './echo-url.ts'

/** Per account; older ones are forgotten. */
const KEPT = 20
const BODY_BYTES = 256 * 1024

const blanked = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key'])

/** Answers as a Reply URL should: 200 and the id under which it keeps the message. */
export function echoPlugin(ctx: Context) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readText(payload, BODY_BYTES, 'GE-106'),
    )

    app.post<{ Params: { uid: string; mac: string } }>('/echo/:uid/:mac', async (request, reply) => {
      const { uid, mac } = request.params
      if (!isEchoMac(ctx.sealingKey, uid, mac)) throw new Refusal('GE-105')
      const kept = await keep(ctx.db, uid, headersOf(request), storable(request.body))
      if (!kept) throw new Refusal('GE-105')
      ctx.push.ring({ echo: kept })
      return reply.code(200).send({ id: `echo-${kept.echoId}` })
    })
  }
}

/** Newest first. */
export async function listEchoes(db: Db, accountId: number) {
  const rows = await db
    .selectFrom('echo')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(KEPT)
    .execute()
  const toEcho = (row: (typeof rows)[number]): Echo => ({
    id: row.id,
    receivedAt: row.received_at.toISOString(),
    headers: row.headers as Record<string, string>,
    body: row.body,
  })
  return listAnswer(readPage({ limit: KEPT }, ['number']), rows, rows.length, toEcho, ({ id }) => [id])
}

// Two requests at once skip the rows that the other deletes, so neither waits for the other.
async function keep(
  db: Db,
  uid: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ accountId: number; echoId: number } | undefined> {
  const { rows } = await sql<{ accountId: number; echoId: number }>`
    with kept as (
      insert into echo (account_id, headers, body)
        select id, ${JSON.stringify(headers)}::jsonb, ${body} from account where uid = ${uid} and deleted_at is null
        returning id, account_id
    ), forgotten as (
      delete from echo where id in (
        select echo.id from echo join kept using (account_id)
        order by echo.id desc offset ${KEPT - 1} for update of echo skip locked
      )
    )
    select account_id as "accountId", id as "echoId" from kept`.execute(db)
  return rows[0]
}

function headersOf(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue
    const text = Array.isArray(value) ? value.join(', ') : value
    headers[name] = blanked.has(name) ? '[secret]' : storable(text)
  }
  return headers
}

// PostgreSQL keeps no U+0000.
function storable(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\u2400') : ''
}

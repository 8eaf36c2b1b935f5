/** For the tests of the engine: answers to deliver in a database of their own, and receivers that behave as they are told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLog } from '@patchbay/kit/log.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { afterAll, afterEach } from 'vitest'
import type { DB } from '../database.gen.ts'
import { openPush } from '../push/push.ts'
import type { Compose } from './carry.ts'
import { type Engine, type EngineOptions, startEngine } from './engine.ts'

const migrationsDir = new URL('../../migrations/', import.meta.url).pathname
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export interface Call {
  messageId: number
  attempt: number
  webhookId: string
  headers: IncomingMessage['headers']
  body: string
}
/** Answers a call. `calls` are those of the same message, this one included. */
export type Behave = (response: ServerResponse, call: Call, calls: readonly Call[]) => void

export interface Receiver {
  url: string
  calls: Call[]
}

const where = { host: '127.0.0.1', publicUrl: 'http://localhost' }

/** Call it at the top of a test file. */
export async function testDeliveries() {
  const { database, open, url } = await testDatabase<DB>(migrationsDir)
  const { pool } = database
  const log = createLog({ program: 'test', level: 'error', write: (line) => process.stderr.write(line) })
  const push = await openPush({ url, log })
  const door = createDoor({ allow: parseOutboundAllow(['127.0.0.0/8'], where) })
  const closing: (() => Promise<unknown>)[] = []
  const engines: Engine[] = []
  /** By account id. */
  const replyUrls = new Map<number, string>()
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()))
    // What one test leaves behind must not call its receivers in the next.
    await pool.query(`update delivery set state = 'failed' where state = 'pending'`)
    await pool.query('update lane set next_at = null, parked_at = null')
    await pool.query('delete from endpoint')
  })
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()))
    await push.close()
    await door.close()
  })
  const compose: Compose = async (deliveries) => {
    const { rows } = await pool.query<{ id: number; account_id: number; status: string }>(
      'select id, account_id, status from message where id = any($1)',
      [deliveries.map(({ messageId }) => messageId)],
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    return new Map(
      deliveries.flatMap(({ id, messageId }) => {
        const row = byId.get(messageId ?? 0)
        const target = row && replyUrls.get(row.account_id)
        if (!row || !target) return []
        const body = JSON.stringify({ id: messageId })
        const parcel = {
          url: target,
          origin: new URL(target).origin,
          name: 'Reply URL' as const,
          body,
          secrets: [secret],
          blank: [],
          keepsBodies: true,
        }
        return [[id, { ...parcel, messageStatus: row.status }] as const]
      }),
    )
  }

  return {
    pool,
    open,
    door,
    push,
    log,
    secret,

    async receiver(behave: Behave): Promise<Receiver> {
      const calls: Call[] = []
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
        const body = Buffer.concat(chunks).toString()
        const { headers } = request
        const call = {
          messageId: (JSON.parse(body) as { id: number }).id,
          attempt: Number(headers['x-attempt']),
          webhookId: String(headers['webhook-id']),
          headers,
          body,
        }
        calls.push(call)
        behave(
          response,
          call,
          calls.filter(({ messageId }) => messageId === call.messageId),
        )
      })
      server.on('clientError', () => {})
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      closing.push(
        () =>
          new Promise((done) => {
            server.close(done)
            server.closeAllConnections()
          }),
      )
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reply`, calls }
    },

    /** An account's interactions with so many answers each; answers the ids of their messages. */
    async answers(accountId: number, replyUrl: string, interactions: number, perInteraction: number) {
      replyUrls.set(accountId, replyUrl)
      await pool.query(
        `insert into account (id, name, reply_url, list_id, token_digest, token_sealed, secret_sealed)
         overriding system value values ($1, 'test', $2, 1, $3, '', '') on conflict do nothing`,
        [accountId, replyUrl, Buffer.from(String(accountId))],
      )
      const made: { interactionId: number; messageIds: number[] }[] = []
      for (let i = 0; i < interactions; i++) {
        const { rows } = await pool.query<{ id: number; message_ids: number[] }>(
          `with made as (insert into interaction (account_id, contact_id, thread_id)
             values ($1, 1, gen_random_uuid()) returning id)
           select made.id from made`,
          [accountId],
        )
        const interactionId = rows[0]?.id ?? 0
        if (perInteraction === 0) {
          made.push({ interactionId, messageIds: [] })
          continue
        }
        const bodies = Array.from({ length: perInteraction }, (_, n) => `answer ${n}`)
        const sent = await pool.query<{ messages: { id: number }[] }>(
          'select messages from reply($1, null, null, null, 1, false, $2, $3, null, null, null, false)',
          [interactionId, bodies, bodies.map(() => null)],
        )
        made.push({ interactionId, messageIds: sent.rows[0]?.messages.map(({ id }) => id) ?? [] })
      }
      push.ring({ deliver: true })
      return made
    },

    /** Stopped after the test. */
    engine(options: Partial<EngineOptions> = {}): Engine {
      const engine = startEngine({ pool, door, push, log, version: 'test', compose, ...options })
      engines.push(engine)
      return engine
    },

    async message(id: number) {
      const { rows } = await pool.query(
        'select status, status_reason, channel_id, next_attempt_at from message where id = $1',
        [id],
      )
      return rows[0] as {
        status: string
        status_reason: string | null
        channel_id: string | null
        next_attempt_at: Date | null
      }
    },
  }
}

export async function until(holds: () => boolean | Promise<boolean>, withinMs = 40_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('what the test waits for did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

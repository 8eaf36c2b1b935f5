// Two wires that are not ours, for tests: a contact centre and Meta, as servers that keep what they are told and answer as they are told to.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { seal, sha256 } from '@patchbay/kit/crypto.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll } from 'vitest'
import { startTestCloud, testApp } from '../testing.ts'

export interface Heard {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** As it came. */
  raw: Buffer
  /** Of JSON. */
  body: Record<string, unknown>
}

type Said =
  | { status?: number; body?: unknown; type?: string; headers?: Record<string, string> }
  | 'cut'
  | undefined
export type Answering = (heard: Heard) => Said | Promise<Said>

export interface Fake {
  url: string
  heard: Heard[]
  /** Of one path, the last part of it. */
  to(end: string): Heard[]
  /** Asked first; undefined: as usual. */
  answer: Answering
}

async function startFake(usual: (heard: Heard, count: number) => unknown): Promise<Fake> {
  const fake: Fake = {
    url: '',
    heard: [],
    to: (end) => fake.heard.filter(({ path }) => path.endsWith(end)),
    answer: () => undefined,
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const isJson = request.headers['content-type']?.includes('json') === true
    const heard: Heard = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      raw,
      body: isJson ? JSON.parse(raw.toString()) : {},
    }
    const said = await fake.answer(heard)
    fake.heard.push(heard)
    if (said === 'cut') {
      request.socket.destroy()
      return
    }
    const {
      status = 200,
      body = usual(heard, fake.heard.length),
      type = 'application/json',
      headers = {},
    } = said ?? {}
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  fake.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return fake
}

const centreAnswers = (_heard: Heard, count: number): unknown => ({
  id: count,
  message: { id: count },
  interaction: { id: 1 },
})
const graphAnswers = ({ path, method }: Heard, count: number): unknown => {
  if (method === 'GET')
    return path.endsWith('/conversations') || path.endsWith('/comments') ? { data: [] } : {}
  return path.endsWith('/comments')
    ? { id: `c_${count}` }
    : { recipient_id: 'p', message_id: `m_out_${count}` }
}

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const uid = '7f9d1c3a-0000-4000-8000-000000000001'

export async function startTraffic(env: Record<string, string> = {}) {
  const centre = await startFake(centreAnswers)
  const graph = await startFake(graphAnswers)
  const cloud = await startTestCloud({
    FACEBOOK_GRAPH_URL: graph.url,
    FACEBOOK_CDN_HOSTS: '127.0.0.1',
    OUTBOUND_ALLOW: '127.0.0.0/8',
    ...env,
  })
  const { db, sealingKey } = cloud.ctx
  const owner = await cloud.makeUser()
  let pages = 1000

  /** A page that is bound to the contact centre; `change` is of the row. */
  const bind = async (change: Record<string, unknown> = {}) => {
    const pageId = String(++pages)
    const { id } = await db
      .insertInto('integration')
      .values({
        user_id: owner.id,
        page_id: pageId,
        page_name: 'Bakery',
        facebook_user_id: '1',
        receive_url: `${centre.url}/api/openchannel/accounts/7/notify`,
        account_id: 7,
        uid_digest: sha256(uid),
        ...change,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const sealed = (name: string, text: string) => seal(sealingKey, `integration:${id}:${name}`, text)
    await db
      .updateTable('integration')
      .set({
        page_token_sealed: sealed('page_token', `token-of-${pageId}`),
        receive_url_sealed: sealed(
          'receive_url',
          `${centre.url}/api/openchannel/accounts/7/notify?token=t-${pageId}`,
        ),
        api_key_sealed: sealed('api_key', 'pbk_key'),
        secret_sealed: sealed('secret', secret),
      })
      .where('id', '=', id)
      .execute()
    return { id, pageId }
  }

  /** As Meta signs it. */
  const webhook = async (body: object | string, signature?: string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const hex = createHmac('sha256', testApp.FACEBOOK_APP_SECRET).update(text).digest('hex')
    const answer = await fetch(`${cloud.url}/webhook/facebook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature ?? `sha256=${hex}` },
      body: text,
    })
    return { status: answer.status, body: (await answer.json()) as { code?: string } }
  }

  const messaging = (pageId: string, ...items: object[]) =>
    webhook({
      object: 'page',
      entry: items.map((item) => ({
        id: pageId,
        time: Date.now(),
        messaging: [{ sender: { id: '42' }, recipient: { id: pageId }, timestamp: Date.now(), ...item }],
      })),
    })

  const feed = (pageId: string, value: object) =>
    webhook({
      object: 'page',
      entry: [
        {
          id: pageId,
          time: Math.floor(Date.now() / 1000),
          changes: [
            {
              field: 'feed',
              value: {
                from: { id: '42', name: 'Jane Example' },
                created_time: Math.floor(Date.now() / 1000),
                ...value,
              },
            },
          ],
        },
      ],
    })

  let answers = 0
  /** As the contact centre signs it. */
  const reply = async (
    pageId: string,
    change: Record<string, unknown> = {},
    options: { id?: string; signedBy?: string } = {},
  ) => {
    const id = options.id ?? `msg_${++answers}`
    const body = JSON.stringify({
      id: 100 + answers,
      body: 'Hello',
      Contact: { id: 5, facebook: '42' },
      Interaction: { id: 31, to: pageId, threadId: null },
      agent: { id: 3, name: 'marta' },
      OpenchannelAccountUid: uid,
      ...change,
    })
    const at = new Date()
    const answer = await fetch(`${cloud.url}/api/reply`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(options.signedBy ?? secret).sign(id, at, body),
      },
      body,
    })
    return { status: answer.status, body: (await answer.json()) as { id?: string; code?: string } }
  }

  return { ...cloud, centre, graph, bind, webhook, messaging, feed, reply }
}

/** Generous: what is waited for comes, be the machine ever so slow. */
export const soon = { timeout: 30_000, interval: 20 }

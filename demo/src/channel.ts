// A channel of our own: takes what a visitor types, posts it to the Receive URL, and takes the answers at its Reply URL.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Reply } from '@patchbay/protocol/open-channel.ts'
import Fastify, { type FastifyReply } from 'fastify'
import { type DemoAccount, shopName } from './seed.ts'

interface Line {
  customer: string
  direction: 'out' | 'in'
  text: string
  file?: { id: number; name: string; type: string }
  at: string
  /** What crossed the wire, for the curious. */
  wire: unknown
}

const pages = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const

/** Listens on loopback only. Lines live as long as the program. */
export async function openChannel({ port }: { port: number }) {
  const app = Fastify({ bodyLimit: 1_048_576 })
  const watchers = new Set<FastifyReply>()
  const lines: Line[] = []
  const seen = new Set<string>()
  const accounts: DemoAccount[] = []

  const show = (line: Line): void => {
    lines.push(line)
    if (lines.length > 500) lines.shift()
    for (const watcher of watchers) watcher.raw.write(`data: ${JSON.stringify(line)}\n\n`)
  }

  // A signature covers the bytes as they came, so the body stays text until it is checked.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )

  for (const [path, [file, type]] of Object.entries(pages)) {
    app.get(path, async (_request, reply) =>
      reply
        .type(type)
        .header('content-security-policy', "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'")
        .send(await readFile(new URL(`page/${file}`, import.meta.url))),
    )
  }

  app.get('/lines', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    for (const line of lines) reply.raw.write(`data: ${JSON.stringify(line)}\n\n`)
    watchers.add(reply)
    request.raw.on('close', () => watchers.delete(reply))
  })

  app.post<{ Body: string }>('/say', async (request, reply) => {
    const account = accounts.find(({ name }) => name === shopName)
    if (!account) return reply.code(503).send({ detail: 'The demo is still starting.' })
    const { from, firstName, lastName, body } = JSON.parse(request.body)
    const message = { from, mapKey: 'phone', firstName, lastName, body, messageId: crypto.randomUUID() }
    const answer = await fetch(account.receiveUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
    const answered: unknown = await answer.json()
    if (answer.ok) {
      show({
        customer: from,
        direction: 'out',
        text: body,
        at: new Date().toISOString(),
        wire: { message, answered },
      })
    }
    return reply.code(answer.status).send(answered)
  })

  app.post<{ Body: string }>('/reply', async (request, reply) => {
    const id = String(request.headers['webhook-id'] ?? '')
    if (!accounts.some(({ secret }) => signed(secret, request.headers, request.body))) {
      return reply.code(401).send({ detail: 'The signature does not fit.' })
    }
    // A retry after a lost answer comes with the same webhook-id: it is the same message.
    if (!seen.has(id)) {
      seen.add(id)
      const call = JSON.parse(request.body) as Reply
      const { attachment } = call
      show({
        customer: String(call.Contact.phone ?? call.Contact.email ?? call.ContactId),
        direction: 'in',
        text: call.body,
        ...(attachment ? { file: { id: attachment.id, name: attachment.name, type: attachment.type } } : {}),
        at: new Date().toISOString(),
        wire: call,
      })
    }
    return { id: `demo-${id}` }
  })

  app.get<{ Params: { id: string } }>('/files/:id', async (request, reply) => {
    const answer = await accounts[0]?.download(Number(request.params.id))
    if (!answer?.ok || !answer.body) return reply.code(404).send({ detail: 'No such file.' })
    return reply
      .type('application/octet-stream')
      .header('content-disposition', answer.headers.get('content-disposition') ?? 'attachment')
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(await answer.arrayBuffer()))
  })

  await app.listen({ port, host: '127.0.0.1' })
  const address = app.server.address()
  const boundPort = typeof address === 'object' && address ? address.port : port
  return {
    origin: `http://localhost:${boundPort}`,
    connect(account: DemoAccount): void {
      accounts.push(account)
    },
    close: async (): Promise<void> => {
      for (const watcher of watchers) watcher.raw.end()
      await app.close()
    },
  }
}

/** Standard Webhooks: HMAC-SHA256 over id, timestamp and body; any one of several signatures may fit. */
export function signed(secret: string, headers: Record<string, unknown>, body: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const expected = createHmac('sha256', key).update(content).digest()
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))
  if (!(age < 300)) return false
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

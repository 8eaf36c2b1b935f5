/** For the tests of answers: a Reply URL that keeps what it gets, and interactions that customers opened. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply } from '@patchbay/protocol/open-channel.ts'
import { afterAll } from 'vitest'
import { type Person, startTestServer, type TestAccount, type TestServer } from '../../testing.ts'

export interface Posted {
  headers: IncomingMessage['headers']
  text: string
  body: Reply
}

export interface ReplyUrl {
  url: string
  posted: Posted[]
  /** What it answers from now on. */
  status: number
}

export interface Desk {
  server: TestServer
  replyUrl(): Promise<ReplyUrl>
  /** An account with a Reply URL and an agent. */
  open(replyUrl?: string): Promise<{ account: TestAccount; agent: Person }>
  /** A customer writes; answers the id of the interaction. */
  write(account: TestAccount, message?: object): Promise<number>
  assign(interactionId: number, person: Person): Promise<void>
}

/** Call it at the top of a test file. */
export async function testDesk(...overrides: Parameters<typeof startTestServer>): Promise<Desk> {
  const server = await startTestServer(...overrides)
  let customers = 0
  const replyUrl = async (): Promise<ReplyUrl> => {
    const target: ReplyUrl = { url: '', posted: [], status: 200 }
    const receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString()
      target.posted.push({ headers: request.headers, text, body: JSON.parse(text) as Reply })
      response.writeHead(target.status).end()
    })
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
    afterAll(() => {
      receiver.close()
      receiver.closeAllConnections()
    })
    target.url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/reply`
    return target
  }
  return {
    server,
    replyUrl,
    async open(url = '') {
      const agent = await server.makeUser('agent')
      return { account: await server.makeAccount({ replyUrl: url, agents: [agent] }), agent }
    },
    async write(account, message = {}) {
      const from = `+39${1_000_000 + customers++}`
      const { body } = await server.receive(account, { from, body: 'hello', mapKey: 'phone', ...message })
      return body.interaction?.id ?? 0
    },
    async assign(interactionId, person) {
      await server.ctx.db
        .updateTable('interaction')
        .set({ state: 'assigned', user_id: person.id, waiting_since: null })
        .where('id', '=', interactionId)
        .execute()
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

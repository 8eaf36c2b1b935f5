/** For the tests of calls: a bot that behaves as it is told, and accounts whose flows ask it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ActionRun, NewAction } from '@patchbay/protocol/api/actions.ts'
import type { BotAnswer, BotCall } from '@patchbay/protocol/bot.ts'
import { afterAll, expect } from 'vitest'
import { type Desk, testDesk, until } from '../reply/reply-testing.ts'

export interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  text: string
  call: BotCall
}
type Behave = (response: ServerResponse, asked: Asked) => unknown

export interface Bot {
  url: string
  asked: Asked[]
  /** How it behaves from now on. */
  behave: Behave
  says(answer: BotAnswer): Behave
}

const closing: (() => void)[] = []
// Registered with the file, since bots are started within its tests.
afterAll(() => {
  for (const close of closing) close()
})

export async function startBot(): Promise<Bot> {
  const says = (answer: BotAnswer): Behave => {
    return (response) => response.end(JSON.stringify(answer))
  }
  const bot: Bot = { url: '', asked: [], behave: says({}), says }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { method = '', url = '', headers } = request
    const isJson = text.startsWith('{"type":"bot.message"')
    const asked = { method, url, headers, text, call: isJson ? JSON.parse(text) : undefined }
    bot.asked.push(asked)
    bot.behave(response, asked)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  bot.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bot`
  return bot
}

/** Call it at the top of a test file. */
export async function testCalls() {
  const desk: Desk = await testDesk()
  const { server } = desk
  const { db } = server.ctx
  const there = await desk.replyUrl()
  const runsOf = async (id: number): Promise<ActionRun[]> =>
    (await server.call('GET /api/openchannel/interactions/:id/runs', { params: { id } })).body.rows
  const linesOf = async (id: number) => (await runsOf(id)).flatMap(({ lines }) => lines)
  return {
    desk,
    db,
    async open(actions: NewAction[]) {
      const { account, agent } = await desk.open(there.url)
      const saved = await server.call('PUT /api/openchannel/accounts/:id/actions', {
        params: { id: account.id },
        body: { actions },
      })
      expect(saved.status, saved.body.detail).toBe(200)
      return { account, agent, actions: saved.body.actions }
    },
    /** What went out, in order. */
    answersTo: (id: number): string[] =>
      there.posted.flatMap(({ body }) => (body.OpenchannelInteractionId === id ? [body.body] : [])),
    runsOf,
    linesOf,
    /** Waits until the flow has come to the step. */
    reached: (id: number, stepId: string, words: RegExp = /./) =>
      until(
        async () => (await linesOf(id)).some((line) => line.stepId === stepId && words.test(line.words)),
        30_000,
      ),
    callOf: (id: number) =>
      db.selectFrom('action_call').selectAll().where('interaction_id', '=', id).executeTakeFirst(),
    /** The time of what an interaction waits for is over. */
    async runOut(id: number): Promise<void> {
      await db
        .updateTable('action_call')
        .set({ due_at: new Date(Date.now() - 1000) })
        .where('interaction_id', '=', id)
        .execute()
      server.ctx.push.ring({ call: true })
    },
  }
}

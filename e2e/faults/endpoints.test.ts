// Reply URLs of every evil kind beside good ones: the good ones have their answers at once, the evil ones hurt only themselves.
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { expect, onTestFinished, test } from 'vitest'
import { client } from '../program.ts'
import { eventually, makeAccount, makeKey, send } from '../service.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { folder, start } from './start.ts'
import { judgeCalls } from './truths.ts'
import { isLong } from './world.ts'

const OF_EACH_KIND = isLong ? 20 : 1
const GOOD = isLong ? 200 : 20

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

/** Of these nothing is known before the whole time of an attempt has passed: the short form does not wait for it. */
const slowKinds = ['says nothing', 'never ends its headers', 'switches protocols']

/** What each does with a connection once something has arrived on it. */
const kinds: Readonly<Record<string, (socket: Socket) => void>> = {
  'says nothing': () => {},
  'closes without a word': (socket) => socket.end(),
  'resets the connection': (socket) => socket.resetAndDestroy(),
  'speaks no HTTP': (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
  'never ends its headers': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x-more: header\r\n'),
  'sends headers without end at once': (socket) =>
    flood(socket, 'HTTP/1.1 200 OK\r\n', `x-more: ${'y'.repeat(8000)}\r\n`),
  'closes in the middle of its status line': (socket) => socket.end('HTTP/1.1 50'),
  'asks to come back in a year': (socket) =>
    socket.end('HTTP/1.1 503 Busy\r\nretry-after: 31536000\r\ncontent-length: 0\r\n\r\n'),
  'redirects to itself': (socket) =>
    socket.end('HTTP/1.1 307 Away\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n'),
  'is gone': (socket) => socket.end('HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n'),
  'switches protocols': (socket) =>
    socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
}

/** Taken, whatever follows the status. */
const lateKinds: Readonly<Record<string, (socket: Socket) => void>> = {
  'answers with a body without end': (socket) => flood(socket, `${head}\r\n`, 'z'.repeat(16_000)),
  'drips its body': (socket) => drip(socket, `${head}content-length: 1000000\r\n\r\n`, ' '),
  'breaks off its body': (socket) => socket.end(`${head}content-length: 1000\r\n\r\n{"id"`),
  'answers with a bomb': (socket) => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    socket.end(
      Buffer.concat([
        Buffer.from(`${head}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`),
        bomb,
      ]),
    )
  },
}

function drip(socket: Socket, first: string, more: string): void {
  socket.write(first)
  const timer = setInterval(() => socket.write(more), 100)
  socket.on('close', () => clearInterval(timer))
}

function flood(socket: Socket, first: string, more: string): void {
  socket.write(first)
  const pour = (): void => {
    while (!socket.destroyed && socket.write(more));
  }
  socket.on('drain', pour)
  pour()
}

async function openEvil(behave: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.once('data', () => behave(socket))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return `http://127.0.0.1:${address.port}/replies`
}

async function residentMb(pid: number | undefined): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

test('good Reply URLs have their answers while evil ones of every kind fail with a reason or wait for their retry', async () => {
  const program = await start({ dataDir: await folder() })
  const api = client(program.origin)
  const { key } = await makeKey(api)
  const receiver: Receiver = await startReceiver()
  onTestFinished(() => receiver.stop())

  const answer = async (replyUrl: string, name: string, count: number): Promise<Message[]> => {
    const account = await makeAccount(api, { replyUrl })
    const { interaction } = await send(account.receiveUrl, { from: name, mapKey: 'facebook', body: 'Hello' })
    const sent: Message[] = []
    for (let n = 0; n < count; n++) {
      const response = await fetch(`${program.origin}/api/openchannel/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ body: `${name} ${n}`, OpenchannelInteractionId: interaction.id }),
      })
      sent.push((await response.json()) as Message)
    }
    return sent
  }
  const statusOf = async ({ id, OpenchannelInteractionId }: Message) => {
    const path = `/api/openchannel/interactions/${OpenchannelInteractionId}/messages?limit=200`
    const { rows } = await api.get<{ rows: Message[] }>(path)
    return rows.find((row) => row.id === id)
  }

  const evil = new Map<string, Message>()
  const late = new Map<string, Message>()
  for (let n = 0; n < OF_EACH_KIND; n++) {
    for (const [name, behave] of Object.entries(kinds)) {
      const [message] = await answer(await openEvil(behave), name, 1)
      if (message) evil.set(`${name} ${n}`, message)
    }
    for (const [name, behave] of Object.entries(lateKinds)) {
      const [message] = await answer(await openEvil(behave), name, 1)
      if (message) late.set(`${name} ${n}`, message)
    }
  }
  const before = await residentMb(program.child.pid)
  const good: Message[] = []
  for (let n = 0; n < GOOD; n++) good.push(...(await answer(`${receiver.origin}/replies`, `good ${n}`, 2)))
  await eventually(() => receiver.calls.length >= good.length || undefined, 'the good ones', 30_000)
  const answers = good.map(({ id, body }) => ({ messageId: id, body }))
  expect(judgeCalls(answers, receiver.calls)).toEqual({ undelivered: [], renamed: [], overtaken: [] })
  // The control: the same judge misses an answer that an evil one swallowed.
  const [swallowed] = evil.values()
  if (swallowed) answers.push({ messageId: swallowed.id, body: swallowed.body })
  expect(judgeCalls(answers, receiver.calls).undelivered).toEqual([swallowed?.body])

  for (const [name, message] of late)
    await expect
      .poll(async () => [name, (await statusOf(message))?.status], { timeout: 30_000 })
      .toEqual([name, 'sent'])
  const known = [...evil].filter(([name]) => isLong || !slowKinds.some((slow) => name.startsWith(slow)))
  for (const [name, message] of known)
    await expect
      .poll(
        async () => {
          const now = await statusOf(message)
          return [name, /^(retrying|failed)$/.test(now?.status ?? '') && (now?.statusReason ?? '') !== '']
        },
        { timeout: 40_000 },
      )
      .toEqual([name, true])
  expect((await residentMb(program.child.pid)) - before).toBeLessThan(300)
  expect(await program.stop()).toBe(0)
})

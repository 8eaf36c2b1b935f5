/** What is written for all sockets at once is read by any client, and who does not read is not waited for. */
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Standing } from '../../access/standing.ts'
import { check, createClient, frameOf, send } from './client.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
await once(server, 'listening')
const { port } = server.address() as AddressInfo
afterAll(() => server.close())

test('texts of every length that has a form of its own arrive whole and in order', async () => {
  const texts = [0, 1, 125, 126, 65_535, 65_536, 1_000_000].map((length) => 'x'.repeat(length))
  texts.push('è un messaggio 🙂')
  server.once('connection', (_, { socket }) => {
    for (const text of texts) socket.write(frameOf(text))
  })
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  const heard: string[] = []
  await new Promise<void>((done) => {
    client.on('message', (data) => {
      heard.push(String(data))
      if (heard.length === texts.length) done()
    })
  })
  client.close()
  expect(heard.map((text) => text.length)).toEqual(texts.map((text) => text.length))
  expect(heard.at(-1)).toBe(texts.at(-1))
})

const standing: Standing = {
  userId: 1,
  fullname: 'Anna',
  accountIds: null,
  rights: '',
  mayAnswer: true,
  isViewed: false,
}

/** A client to whom more was sent than the system takes for him, and less than is kept for him; he reads nothing yet. */
async function full() {
  const connected = once(server, 'connection') as Promise<[WebSocket, { socket: Socket }]>
  const reader = new WebSocket(`ws://127.0.0.1:${port}`)
  const [[ws, { socket }]] = await Promise.all([connected, once(reader, 'open')])
  reader.pause()
  const client = createClient(ws, socket, { kind: 'session', digest: Buffer.alloc(0) }, standing)
  const data = frameOf('x'.repeat(64 * 1024))
  while (ws.bufferedAmount < 256 * 1024) {
    send(client, data)
    await new Promise(setImmediate)
  }
  expect(ws.readyState).toBe(WebSocket.OPEN)
  return { reader, ws, client }
}

test('who has more than a mebibyte before him is closed with the next message, nobody sooner, and no more is kept for him', async () => {
  const { reader, ws, client } = await full()
  const data = frameOf('x'.repeat(64 * 1024))
  const mebibyte = 1024 * 1024
  for (let sent = 0; sent < 32 && ws.readyState === WebSocket.OPEN; sent++) {
    const before = ws.bufferedAmount
    send(client, data)
    expect([before, ws.readyState]).toEqual([before, before > mebibyte ? WebSocket.CLOSING : WebSocket.OPEN])
    await new Promise(setImmediate)
  }
  expect(ws.readyState).toBe(WebSocket.CLOSING)
  expect(ws.bufferedAmount).toBeLessThan(mebibyte + 2 * data.length)
  reader.terminate()
})

test('who takes nothing for five seconds is closed, long before there is much to keep for him', async () => {
  const { reader, ws, client } = await full()
  const from = performance.now()
  check(client, from)
  check(client, from + 4_900)
  expect(ws.readyState).toBe(WebSocket.OPEN)
  check(client, from + 5_100)
  expect(ws.readyState).toBe(WebSocket.CLOSING)
  reader.terminate()
})

test('control: who takes what was sent meanwhile is kept', async () => {
  const { reader, ws, client } = await full()
  const from = performance.now()
  check(client, from)
  reader.resume()
  await vi.waitFor(() => expect(ws.bufferedAmount).toBe(0))
  check(client, from + 5_100)
  expect(ws.readyState).toBe(WebSocket.OPEN)
  reader.terminate()
})

/** What is written for all sockets at once is read by any client. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { frameOf } from './client.ts'

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

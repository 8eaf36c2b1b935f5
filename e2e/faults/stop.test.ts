// SIGTERM while everything that the program waits for hangs: endpoints, bots, services, senders and readers.
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createConnection, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { admin, client, type Program } from '../program.ts'
import { eventually, makeAccount, makeKey, send } from '../service.ts'
import { openDesk } from './desk.ts'
import { folder, start } from './start.ts'

/** Takes calls and never answers one; remembers their paths. */
async function neverAnswers(): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage) => {
    asked.push(request.url ?? '')
    request.resume()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Says this much of a request, and no more. */
function half(program: Program, text: string): Socket {
  const socket = createConnection(program.port, 'localhost')
  socket.on('error', () => {})
  socket.write(text)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** A program in which everything hangs that can. */
async function hanging(): Promise<Program> {
  const program = await start({ dataDir: await folder() })
  const api = client(program.origin)
  const { origin, asked } = await neverAnswers()
  const { key } = await makeKey(api)
  const person = { from: 'hangs', mapKey: 'facebook', body: 'Hello' }

  const answered = await makeAccount(api, { replyUrl: `${origin}/reply` })
  const { interaction } = await send(answered.receiveUrl, person)
  const sent = await fetch(`${program.origin}/api/openchannel/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ body: 'Hello', OpenchannelInteractionId: interaction.id }),
  })
  expect(sent.ok).toBe(true)

  const talking = await makeAccount(api, { replyUrl: `${origin}/reply` })
  const bot = { type: 'bot', url: `${origin}/bot`, timeoutSeconds: 60 }
  await api.send('PUT', `/api/openchannel/accounts/${talking.id}/actions`, { actions: [bot] })
  await api.send('POST', '/api/openchannel/triggers', {
    name: 'Calls',
    accountIds: [talking.id],
    actions: [{ type: 'web-request', method: 'POST', url: `${origin}/trigger` }],
  })
  await send(talking.receiveUrl, person)

  const unheard = (work: Promise<unknown>): void => void work.catch(() => {})
  unheard(
    api.send('POST', `/api/openchannel/accounts/${answered.id}/try-reply`, { replyUrl: `${origin}/try` }),
  )
  unheard(send(answered.receiveUrl, { ...person, attachments: [{ url: `${origin}/file` }] }))
  const { pathname, search } = new URL(answered.receiveUrl)
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`
  half(program, '')
  half(program, `${head}{"from"`)
  const upload = half(
    program,
    `POST /api/attachments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
      'content-type: multipart/form-data; boundary=b\r\ncontent-length: 20000000\r\n\r\n' +
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n',
  )
  const trickle = setInterval(() => upload.write('x'.repeat(8_000)), 200)
  onTestFinished(() => clearInterval(trickle))
  const desk = openDesk({ origins: [program.origin], key })
  onTestFinished(() => desk.close())
  await eventually(() => desk.connections > 0 || undefined, 'the desk')
  for (const path of ['/reply', '/bot', '/trigger', '/try', '/file'])
    await eventually(() => asked.includes(path) || undefined, `a call of ${path}`)
  return program
}

test('a program told to stop while everything hangs that can ends with 0 in its ten seconds, and the next start goes on', async () => {
  const program = await hanging()
  // After nine and a half seconds it gives up waiting, says so and ends with 1.
  expect(await program.stop()).toBe(0)
  const again = await start({ dataDir: program.dataDir })
  const signedIn = await fetch(`${again.origin}/api/me`, {
    headers: { authorization: `Basic ${btoa(`${admin.email}:${admin.password}`)}` },
  })
  expect(signedIn.status).toBe(200)
  expect(await again.stop()).toBe(0)
})

test('control: it has something to wait for, and told twice waits for nothing', async () => {
  const program = await hanging()
  const ended = program.stop()
  const answer = await Promise.race([ended, new Promise((resume) => setTimeout(resume, 1_000, 'waits'))])
  expect(answer).toBe('waits')
  program.child.kill('SIGTERM')
  expect(await ended).toBe(1)
})

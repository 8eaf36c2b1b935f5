import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect, test } from 'vitest'
import { testDesk, until } from '../flows/reply/reply-testing.ts'
import { toCurl } from './curl.ts'

const desk = await testDesk()
const { server } = desk
const { call } = server
const there = await desk.replyUrl()
const { account, agent } = await desk.open(`${there.url}?key=canary-key`)
const folder = await mkdtemp(join(tmpdir(), 'patchbay-curl-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a shell makes of it: in a folder of its own, with these variables and no others. */
const run = async (command: string, variables: Record<string, string>) =>
  (
    await promisify(execFile)('sh', ['-c', command], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...variables },
    })
  ).stdout

const nasty = `it's "here" $(touch pwned) \`touch pwned\` \\ $HOME !! \n; touch pwned & 👋`

async function newest(direction: 'in' | 'out') {
  const params = { id: account.id }
  const list = () => call('GET /api/openchannel/accounts/:id/log', { params, query: { direction, limit: 1 } })
  await until(async () => (await list()).body.rows[0]?.status === 200)
  const entryId = (await list()).body.rows[0]?.id ?? ''
  return (await call('GET /api/openchannel/accounts/:id/log/:entryId', { params: { ...params, entryId } }))
    .body
}

test('the command of what came in sends it again, with the token from a variable', async () => {
  const messageId = randomUUID()
  const first = await server.receive(account, { from: '+1', mapKey: 'phone', body: nasty, messageId })
  const { curl } = await newest('in')
  expect(curl).not.toContain(account.token)
  const printed = await run(curl, { TOKEN: account.token })
  expect(printed).toMatch(/^HTTP\/1.1 200/)
  expect(JSON.parse(printed.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    message: first.body.message,
    duplicate: true,
  })
})

test('the command of what went out signs it anew, with the secret from a variable', async () => {
  const interactionId = await desk.write(account)
  await call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId: interactionId, body: nasty },
  })
  const { curl, attempts } = await newest('out')
  const { body } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  for (const canary of [body.secret, 'canary-key'])
    expect(JSON.stringify([curl, attempts])).not.toContain(canary)
  const [original] = there.posted
  await run(curl, { SECRET: body.secret, KEY: 'canary-key' })
  const again = there.posted.at(-1)
  expect(there.posted).toHaveLength(2)
  expect(again?.text).toBe(original?.text)
  expect(again?.headers['webhook-id']).toBe(original?.headers['webhook-id'])
  new Webhook(body.secret).verify(again?.text ?? '', again?.headers as Record<string, string>)
})

test('nothing of what a stranger wrote is run by the shell', async () => {
  const headers = { 'content-type': nasty, 'x-$(touch pwned)': nasty }
  const request = {
    method: 'POST',
    url: `http://127.0.0.1:1/'$(touch pwned)?token=[secret]&a=${nasty}`,
    body: `${nasty} [secret]`,
  }
  for (const isSigned of [true, false])
    await run(toCurl({ ...request, headers, isCut: false }, isSigned), {}).catch(() => {})
  expect(await readdir(folder)).toEqual([])
})

test('a body that was not kept, or only in part, is said to be so', () => {
  const request = { method: 'POST', url: 'http://a/', headers: {}, isCut: false, body: null }
  expect(toCurl(request, false)).toMatch(/^# The body was not kept/)
  expect(toCurl({ ...request, body: 'x', isCut: true }, false)).toMatch(/^# Only the beginning/)
})

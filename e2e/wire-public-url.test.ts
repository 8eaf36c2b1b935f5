// A program that the world reaches under another name: its Receive URLs, cookies and Origins are those of PUBLIC_URL.
import { afterEach, expect, test } from 'vitest'
import { admin, client, dataFolder, type Program, startProgram } from './program.ts'
import { eventually, makeAccount, send, startService } from './service.ts'

const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function started(env: Record<string, string>): Promise<Program> {
  const { path, remove } = await dataFolder()
  undo.push(remove)
  const program = await startProgram({ dataDir: path, env })
  undo.push(() => program.stop())
  return program
}

async function signIn(program: Program, origin?: string): Promise<Response> {
  return fetch(`${program.origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(origin && { origin }) },
    body: JSON.stringify(admin),
  })
}

test('over https the cookie is guarded, its Origin is taken, and Receive URLs and links begin with it', async () => {
  const PUBLIC_URL = 'https://desk.example.com'
  const program = await started({ PUBLIC_URL })
  const api = client(program.origin)
  const account = await makeAccount(api)
  expect(account.receiveUrl).toMatch(
    new RegExp(`^${PUBLIC_URL}/api/openchannel/accounts/${account.id}/notify\\?token=`),
  )
  const answer = await signIn(program, PUBLIC_URL)
  expect(answer.status).toBe(200)
  const [set = ''] = answer.headers.getSetCookie()
  expect(set).toMatch(/^__Host-patchbay_server=.*; Secure/)
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d+/)
  const change = (origin: string) =>
    fetch(`${program.origin}/api/tags`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: set.split(';')[0] ?? '', origin },
      body: JSON.stringify({ name: origin }),
    })
  expect((await change(PUBLIC_URL)).status).toBe(201)
  expect((await change('http://desk.example.com')).status).toBe(403)
  expect((await api.get<{ warnings: string[] }>('/api/me')).warnings).toEqual([])
})

test('over http by a name, the cookie is unguarded, an admin is warned, and loopback is no Reply URL', async () => {
  const program = await started({ PUBLIC_URL: 'http://desk.example.com' })
  const service = await startService()
  undo.push(() => service.stop())
  const api = client(program.origin)
  const [set = ''] = (await signIn(program)).headers.getSetCookie()
  expect(set).toMatch(/^patchbay_server=.*HttpOnly/)
  expect(set).not.toMatch(/secure/i)
  const { warnings } = await api.get<{ warnings: string[] }>('/api/me')
  expect(warnings).toContain('insecure-cookie')
  const account = await makeAccount(api, { replyUrl: service.replyUrl })
  const receiveUrl = account.receiveUrl.replace('http://desk.example.com', program.origin)
  const { interaction } = await send(receiveUrl, { from: '1', body: 'x', mapKey: 'phone' })
  await api.send('POST', '/api/openchannel/messages', { OpenchannelInteractionId: interaction.id, body: 'x' })
  const failed = await eventually(async () => {
    const { rows } = await api.get<{ rows: { status: string; statusReason: string | null }[] }>(
      `/api/openchannel/interactions/${interaction.id}/messages`,
    )
    return rows.find(({ status }) => status === 'failed')
  }, 'the refusal of the address')
  expect(failed.statusReason).toMatch(/address/)
  expect(service.calls).toEqual([])
})

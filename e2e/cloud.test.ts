// A page of the simulated Facebook is connected to an account as people do it: register, log in there, pair by a code; a message and a post come in and are answered.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@patchbay/kit/free-port.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { admin, type Client, client, dataFolder, type Program, startProgram } from './program.ts'

const undo: (() => unknown)[] = []
const patiently = { timeout: 60_000, interval: 100 }
const app = { id: '910000000000001', secret: '0123456789abcdef0123456789abcdef' }
const [anna, giulia, bikes] = ['2010000000000001', '2010000000000003', '101000000000001']
const verifyToken = 'a verify token'
let server: Program
let cloud: Program
let simulator: Program
let desk: Client
let folder = ''

beforeAll(async () => {
  const data = await dataFolder()
  folder = data.path
  undo.push(data.remove)
  const [cloudPort, simulatorPort] = [await freePort(), await freePort()]
  const simulatorOrigin = `http://localhost:${simulatorPort}`
  simulator = await startProgram({
    dataDir: folder,
    port: simulatorPort,
    startFile: '../simulator/start.js',
    env: {
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_REDIRECT_URIS: `http://localhost:${cloudPort}/connect/facebook/callback`,
    },
    readyWithinMs: 90_000,
  })
  undo.push(() => simulator.stop())
  cloud = await startProgram({
    dataDir: folder,
    port: cloudPort,
    startFile: '../cloud/start.js',
    env: {
      CLOUD_PORT: String(cloudPort),
      FACEBOOK_APP_ID: app.id,
      FACEBOOK_APP_SECRET: app.secret,
      FACEBOOK_VERIFY_TOKEN: verifyToken,
      FACEBOOK_GRAPH_URL: simulatorOrigin,
      FACEBOOK_DIALOG_URL: simulatorOrigin,
    },
    readyWithinMs: 90_000,
  })
  undo.push(() => cloud.stop())
  server = await startProgram({ dataDir: folder, env: { CLOUD_URL: cloud.origin }, readyWithinMs: 90_000 })
  undo.push(() => server.stop())
  desk = client(server.origin)
})
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

/** A browser's part: the cookie, and the Origin of a change. */
function visitor(origin: string) {
  let cookie = ''
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(new URL(path, origin), {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie && { cookie }),
        ...(method !== 'GET' && { origin }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
    }
  }
}

/** The code that stands alone on a line of the newest mail. */
async function mailedCode(): Promise<string> {
  const mails = async () =>
    (await readdir(join(folder, 'mail')).catch(() => [])).filter((name) => name.endsWith('.eml'))
  await expect.poll(async () => (await mails()).length, patiently).toBe(1)
  const [name = ''] = await mails()
  return /^(\d{8})\r?$/m.exec(await readFile(join(folder, 'mail', name), 'utf8'))?.[1] ?? ''
}

/** Everything that is asked for is granted in the dialog; answers where the browser is led. */
async function passDialog(dialog: string): Promise<string> {
  const form = new URLSearchParams(new URL(dialog).searchParams)
  for (const [name, value] of Object.entries({ person: anna, pages: bikes, decision: 'accept' }))
    form.append(name, value)
  for (const name of form.get('scope')?.split(',') ?? []) form.append('permissions', name)
  const answer = await fetch(dialog, { method: 'POST', redirect: 'manual', body: form })
  const back = new URL(answer.headers.get('location') ?? '')
  return `${back.pathname}${back.search}`
}

test('a page is connected by a code, its messages and posts come in, and the answers reach Facebook', async () => {
  const call = visitor(cloud.origin)
  const person = { email: 'nora@example.com', password: 'a-harbour-of-kites' }
  expect((await call('POST', '/api/register', person)).status).toBe(202)
  const verified = await call('POST', '/api/verify', { email: person.email, code: await mailedCode() })
  expect(verified.status).toBe(200)

  const { location } = await call('GET', '/connect/facebook')
  const back = await call('GET', await passDialog(location))
  expect(back.location).toBe('/connect?outcome=done')
  const pages = await call('GET', '/api/pages')
  expect(pages.body.rows).toEqual([expect.objectContaining({ id: bikes, usable: true, canWall: true })])

  const account = await desk.send<{ id: number }>('POST', '/api/openchannel/accounts', { name: 'Shop' })
  const atDesk = visitor(server.origin)
  expect((await atDesk('POST', '/api/session', admin)).status).toBe(200)
  const pairing = await atDesk('POST', `/api/openchannel/accounts/${account.id}/pairings`, {})
  expect(pairing.status).toBe(201)
  const { code, keyId, replyUrl } = pairing.body
  expect(replyUrl).toBe(`${cloud.origin}/api/reply`)
  const looked = await call('POST', '/api/pairings/look', { pairingCode: code })
  expect(looked.body).toMatchObject({ host: new URL(server.origin).host })
  const made = await call('POST', '/api/integrations', { pageId: bikes, pairingCode: code })
  expect(made).toMatchObject({ status: 201, body: { state: 'connected' } })
  const stateOfCode = async () =>
    (await atDesk('GET', `/api/openchannel/accounts/${account.id}/pairings/${keyId}`)).body.state
  await expect.poll(stateOfCode, patiently).toBe('claimed')
  const checked = await call('POST', `/api/integrations/${made.body.id}/check`, {})
  expect(checked.body).toMatchObject({ ok: true })

  const hook = await fetch(`${simulator.origin}/v26.0/${app.id}/subscriptions`, {
    method: 'POST',
    body: new URLSearchParams({
      access_token: `${app.id}|${app.secret}`,
      object: 'page',
      callback_url: `${cloud.origin}/webhook/facebook`,
      verify_token: verifyToken,
      fields: 'messages,feed',
    }),
  })
  expect(await hook.json()).toEqual({ success: true })
  const written = await fetch(`${simulator.origin}/simulator/customer/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: giulia, page: bikes, text: 'Do you mend brakes?' }),
  })
  expect(written.status).toBe(200)
  const bodies = async () => {
    const found = await desk.get<{ rows: { id: number }[] }>(
      `/api/openchannel/interactions?OpenchannelAccountId=${account.id}`,
    )
    const [first] = found.rows
    if (!first) return []
    const path = `/api/openchannel/interactions/${first.id}/messages`
    return (await desk.get<{ rows: { body: string }[] }>(path)).rows.map(({ body }) => body)
  }
  await expect.poll(bodies, patiently).toEqual(['Do you mend brakes?'])

  await desk.send('PATCH', `/api/openchannel/accounts/${account.id}`, { replyUrl })
  const posted = await fetch(`${simulator.origin}/simulator/customer/post`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: giulia, page: bikes, text: 'Open on Sunday?' }),
  })
  expect(posted.status).toBe(200)
  const interactions = async () =>
    (
      await desk.get<{ rows: { id: number }[] }>(
        `/api/openchannel/interactions?OpenchannelAccountId=${account.id}`,
      )
    ).rows.map(({ id }) => id)
  await expect.poll(async () => (await interactions()).length, patiently).toBe(2)
  for (const id of await interactions()) {
    await desk.send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: id,
      body: 'From ten to four.',
    })
  }
  const atFacebook = async () => {
    const answer = await fetch(`${simulator.origin}/simulator/state`)
    const { threads, comments } = (await answer.json()) as {
      threads: { messages: { text?: string }[] }[]
      comments: { message: string }[]
    }
    const sent = threads.flatMap(({ messages }) => messages.map(({ text }) => text))
    return [sent, comments.map(({ message }) => message)].map((texts) => texts.includes('From ten to four.'))
  }
  // A message to the person, and a comment below the post.
  await expect.poll(atFacebook, patiently).toEqual([true, true])

  const log = async () => {
    const path = `/api/openchannel/accounts/${account.id}/log?direction=in&limit=50`
    return (await desk.get<{ rows: { event: string; state: string }[] }>(path)).rows
  }
  const messages = async () => (await log()).filter(({ event }) => event === 'message')
  await expect.poll(async () => (await messages()).length, patiently).toBe(2)
  // Whoever connects and checks is not shown a refusal of his own checks.
  expect((await log()).filter(({ state }) => state === 'refused')).toEqual([])
})

test('whoever takes the permission back at Facebook disconnects the page', async () => {
  const call = visitor(cloud.origin)
  await call('POST', '/api/session', { email: 'nora@example.com', password: 'a-harbour-of-kites' })
  const told = await fetch(`${simulator.origin}/simulator/world/app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: app.id, deauthorizeUrl: `${cloud.origin}/webhook/facebook/deauthorize` }),
  })
  expect(told.status).toBe(200)
  const taken = await fetch(`${simulator.origin}/simulator/world/deauthorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app: app.id, person: anna }),
  })
  expect(taken.status).toBe(200)
  const state = async () => {
    const { body } = await call('GET', '/api/integrations')
    return (body.rows as { state: string }[]).map((row) => row.state)
  }
  await expect.poll(state, patiently).toEqual(['disconnected'])
})

// Secrets that are told from everything else are used as their owners use them, also where things go wrong; none may stand in what the
// program prints, counts, keeps for others or answers to anybody but the owner.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { admin, client, dataFolder, type Program, startProgram } from './program.ts'
import { eventually, makeAccount, makeKey, makeUser, post, upload } from './service.ts'

/** What must not be seen, by name. */
type Secrets = Map<string, string>
/** What others than the owners may see, by place. */
type Seen = Map<string, string>

/** One line for each secret in each place. */
function sightings(secrets: Secrets, seen: Seen): string[] {
  return [...seen].flatMap(([place, text]) =>
    [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => `${name} in ${place}`),
  )
}

const smtpPassword = 'canary-of-the-smtp-password'
const secretKey = newKey()
const environment = {
  LOG_LEVEL: 'debug',
  SECRET_KEY: secretKey,
  SMTP_URL: `smtp://mailer:${smtpPassword}@127.0.0.1:9`,
  MAIL_FROM: 'patchbay@example.com',
  RELAY_CODE: 'canary-of-the-relay-code',
  OUTBOUND_ALLOW: '127.0.0.0/8',
}

async function connect(dataDir: string, secrets: Secrets): Promise<pg.Client> {
  const folder = join(dataDir, 'server', 'postgres')
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  secrets.set('the password of the database', password)
  const db = new pg.Client({ host: folder, user: 'postgres', database: 'postgres', password })
  await db.connect()
  return db
}

/** Answers 500 with everything that it was sent. */
async function startMirror() {
  const mirror = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.writeHead(500, { 'content-type': 'text/plain', 'x-mirror': String(request.url) })
    response.end(`${request.url}\n${JSON.stringify(request.headers)}\n${Buffer.concat(chunks)}`)
  }).listen(0, '127.0.0.1')
  await once(mirror, 'listening')
  return { port: (mirror.address() as AddressInfo).port, stop: () => mirror.close() }
}

/** Plants every kind of secret and uses it: rightly, wrongly, while the database is broken, and towards receivers that fail. */
async function useEverything(
  program: Program,
  db: pg.Client,
  mirrorPort: number,
  secrets: Secrets,
): Promise<Seen> {
  const seen: Seen = new Map()
  const { origin } = program
  const api = client(origin)
  let asked = 0
  /** Every answer that refuses, and every page, may be read by whoever asked. */
  const ask = async (
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const answer = await fetch(`${origin}${path}`, { redirect: 'manual', ...init })
    const isShown = answer.status >= 400 || /html/.test(answer.headers.get('content-type') ?? '')
    const headers = JSON.stringify([...answer.headers].filter(([name]) => name !== 'set-cookie'))
    const text = headers + (isShown ? await answer.clone().text() : '')
    seen.set(`answer ${++asked} to ${init.method ?? 'GET'} ${path.split('?')[0]}: ${answer.status}`, text)
    return answer
  }
  const json = (
    body: unknown,
    headers: Record<string, string> = {},
  ): RequestInit & { headers: Record<string, string> } => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  // Sessions and passwords.
  secrets.set('the password of the admin', admin.password)
  secrets.set('the Basic header of the admin', btoa(`${admin.email}:${admin.password}`))
  const wrong = 'canary-of-a-wrong-password'
  secrets.set('a wrong password', wrong).set('its Basic header', btoa(`${admin.email}:${wrong}`))
  const session = await ask('/api/session', json(admin))
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  secrets.set('a session', cookie.split('=')[1] ?? '')
  const { user, email, password } = await makeUser(api)
  const changed = 'canary of a changed password'
  secrets.set('the password of a user', password).set('his next password', changed)
  await api.send('PATCH', `/api/users/${user.id}`, { password: changed })
  await ask('/api/session', json({ email, password: wrong }))
  await ask('/api/session', json({ email, password: changed }))
  await ask('/api/session', json(`{"email":"${email}","password":${changed}`))
  await ask('/api/session', json(`{"email":5,"password":"${changed}"}`))
  await ask('/api/me', { headers: { authorization: `Basic ${btoa(`${admin.email}:${wrong}`)}` } })
  await ask('/api/me', { headers: { cookie } })
  await ask('/api/me', json({}, { cookie, origin: 'https://elsewhere.example' }))

  const invited = await api.send<{ id: number }>('POST', '/api/users', {
    email: 'invited@example.com',
    role: 'agent',
  })
  const invitation = { mail: false }
  const { url } = await api.send<{ url: string }>('POST', `/api/users/${invited.id}/invitation`, invitation)
  const [, code = ''] = url.split('#')
  secrets.set('the code of an invitation', code)
  await ask('/api/password-links/check', json({ code: `${code}x` }))
  await ask('/api/password-links', json({ code, password: 'short' }))
  await ask('/password')
  // No mail server is there: the letter with the link fails, more than once.
  await ask('/api/password-resets', json({ email }))

  // Keys, account tokens, signing secrets.
  const { key } = await makeKey(api)
  const strangeKey = 'pbk_canary0of0a0key0that0is0none000'
  const strangeToken = 'pbt_canary0of0a0token0that0is0none0'
  secrets.set('a key', key).set('a key that is none', strangeKey).set('a token that is none', strangeToken)
  for (const each of [key, strangeKey])
    for (const path of [
      '/api/me',
      '/api/nothing',
      '/nothing.html',
      '/api/openchannel/interactions/0',
      '/api/socket',
    ]) {
      await ask(`${path}?apikey=${each}`)
      await ask(path, { headers: { authorization: `Bearer ${each}` } })
    }
  const failing = `http://127.0.0.1:${mirrorPort}/hook?token=canary-of-a-reply-url&x=1`
  secrets.set('a secret in a Reply URL', 'canary-of-a-reply-url')
  const account = await makeAccount(api, { replyUrl: failing })
  const { secret } = await api.send<{ secret: string }>(
    'POST',
    `/api/openchannel/accounts/${account.id}/secret`,
    {},
  )
  secrets.set('a token', account.token).set('a signing secret', secret.replace('whsec_', ''))
  const echo = new URL((account as unknown as { echoUrl: string }).echoUrl).pathname
  secrets.set('the address of an echo receiver', echo.split('/').at(-1) ?? '')
  await ask(echo, json({ some: 'thing' }))
  await ask(`${echo}x`, json('{'))
  const receive = `/api/openchannel/accounts/${account.id}/notify`
  const message = { from: 'canary', body: 'hello', mapKey: 'facebook' }
  await ask(`${receive}?token=${account.token}`, json(message))
  await ask(`${receive}/?token=${account.token}&token=${strangeToken}`, json(message))
  await ask(receive, json(message, { authorization: `Bearer ${account.token}` }))
  await ask(`${receive}?token=${strangeToken}`, json(message))
  await ask(`${receive}?token=${account.token}`, json(`{"from":${account.token}`))
  await ask(`${receive}?token=${account.token}`, json({ from: 1 }))
  await ask(`${receive}x?token=${account.token}`)
  await ask(`${receive}?token=${account.token}`, { headers: { accept: 'text/html' } })
  await ask(`/setup?code=${strangeToken}`)
  await ask(`/api/setup?code=${strangeToken}`)
  const turned = await api.send<{ token: string }>(
    'POST',
    `/api/openchannel/accounts/${account.id}/token`,
    {},
  )
  secrets.set('a turned token', turned.token)
  const next = await api.send<{ secret: string }>('POST', `/api/openchannel/accounts/${account.id}/secret`, {
    rotate: true,
  })
  secrets.set('a turned signing secret', next.secret.replace('whsec_', ''))

  // Answers with a file to receivers that fail: one repeats all that it was told, one refuses, one speaks no TLS.
  const { body: accepted } = await post(account.receiveUrl, { ...message, from: 'canary 2' })
  const interactionId = accepted.interaction.id
  const attachmentId = await upload(origin, 'canary.txt')
  const say = (extra: object = {}) =>
    api.send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: interactionId,
      direction: 'out',
      body: 'x',
      ...extra,
    })
  await say({ AttachmentId: attachmentId, body: '' })
  const log = `/api/openchannel/accounts/${account.id}/log`
  const entries = async (): Promise<string[]> => {
    const { rows } = await api.get<{ rows: { id: string; attempt: number; direction: string }[] }>(
      `${log}?direction=out`,
    )
    return rows.filter(({ attempt }) => attempt > 0).map(({ id }) => id)
  }
  await eventually(async () => ((await entries()).length > 0 ? true : undefined), 'a first attempt')
  for (const replyUrl of [
    `https://127.0.0.1:${mirrorPort}/?token=canary-of-a-reply-url`,
    'http://127.0.0.1:9/?token=canary-of-a-reply-url',
    'http://10.0.0.1/?token=canary-of-a-reply-url',
  ]) {
    await api.send('PATCH', `/api/openchannel/accounts/${account.id}`, { replyUrl })
    const tried = await api.raw('POST', `/api/openchannel/accounts/${account.id}/try-reply`, {})
    seen.set(`try-reply to ${new URL(replyUrl).origin}`, await tried.text())
  }
  await ask('/api/attachments/1/download?expires=9999999999&signature=canary-of-a-signature')
  secrets.set('a signature that is none', 'canary-of-a-signature')

  // The database breaks under each kind of call.
  for (const table of ['app_user', 'message', 'api_key', 'session']) {
    await db.query(`alter table ${table} rename to ${table}_gone`)
    await ask('/api/session', json({ email, password: changed }))
    await ask('/api/me', { headers: { authorization: `Basic ${btoa(`${admin.email}:${wrong}`)}` } })
    await ask(`/api/openchannel/interactions/${interactionId}/messages?apikey=${key}`)
    await ask(`/api/users?apikey=${key}`, json({ email: 'x@example.com', password: changed }))
    await ask('/api/me', { headers: { cookie } })
    await ask(`${receive}?token=${turned.token}`, json({ ...message, messageId: table }))
    await db.query(`alter table ${table}_gone rename to ${table}`)
  }

  // What is kept, and shown to others than the owner of the secret.
  for (const id of await entries())
    seen.set(`log entry ${id}`, await (await api.raw('GET', `${log}/${id}`)).text())
  seen.set('the log of deliveries', await (await api.raw('GET', log)).text())
  seen.set('deliveries', await (await api.raw('GET', '/api/openchannel/deliveries')).text())
  seen.set('health', await (await api.raw('GET', `/api/openchannel/accounts/${account.id}/health`)).text())
  seen.set('keys', await (await api.raw('GET', '/api/keys')).text())
  for (const table of [
    'audit_entry',
    'delivery',
    'delivery_attempt',
    'event',
    'session',
    'api_key',
    'app_user',
    'installation',
    'password_link',
  ])
    seen.set(`table ${table}`, JSON.stringify((await db.query(`select to_jsonb(t) from ${table} t`)).rows))
  for (const path of [
    '/metrics',
    '/apidoc',
    '/docs/errors',
    '/api/openapi.json',
    '/',
    '/sign-in',
    '/healthz',
    '/readyz',
  ])
    seen.set(path, await (await fetch(`${origin}${path}`)).text())
  const signature = /signature=([\w-]{20,})/.exec(
    JSON.stringify((await db.query('select * from echo')).rows),
  )?.[1]
  if (signature) secrets.set('a signed link', signature)
  return seen
}

const stops: (() => unknown)[] = []
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

async function run(extra: Record<string, string>) {
  const folder = await dataFolder()
  stops.push(folder.remove)
  const secrets: Secrets = new Map([
    ['SECRET_KEY', secretKey],
    ['the password of SMTP_URL', smtpPassword],
    ['RELAY_CODE', environment.RELAY_CODE],
  ])
  const mirror = await startMirror()
  stops.push(mirror.stop)
  const program = await startProgram({ dataDir: folder.path, env: { ...environment, ...extra } })
  stops.push(() => program.kill())
  const db = await connect(folder.path, secrets)
  const seen = await useEverything(program, db, mirror.port, secrets)
  await db.end()
  await program.stop()
  seen.set('stdout', program.output.stdout).set('stderr', program.output.stderr)
  return { secrets, seen }
}

let sound: Awaited<ReturnType<typeof run>>
beforeAll(async () => {
  sound = await run({})
}, 180_000)

test('there was much to tell, and every secret is one', () => {
  const { secrets, seen } = sound
  expect(seen.get('stderr')?.split('\n').length).toBeGreaterThan(100)
  expect(seen.get('stderr')).toContain('a request failed by a mistake of ours')
  expect(seen.get('stderr')).toContain('[secret]')
  expect([...seen.keys()].filter((place) => place.endsWith(': 500')).length).toBeGreaterThan(4)
  expect([...seen.keys()].filter((place) => place.startsWith('log entry')).length).toBeGreaterThan(0)
  for (const [name, value] of secrets)
    expect([name, value.length]).toEqual([name, expect.toSatisfy((length) => length > 11)])
})

test('none of it is seen where it does not belong', () => {
  expect(sightings(sound.secrets, sound.seen)).toEqual([])
})

test('negative control: the same program without its redaction is caught', { timeout: 180_000 }, async () => {
  // The log's own file, as it is, but for the two words that stand in the place of a secret.
  const hook = `
    import { registerHooks } from 'node:module'
    registerHooks({
      load(url, context, next) {
        const loaded = next(url, context)
        if (!url.endsWith('/kit/src/log.ts')) return loaded
        const source = String(loaded.source).replaceAll("'$1[secret]'", () => "'$&'")
        return { ...loaded, source }
      },
    })`
  const { secrets, seen } = await run({
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
  })
  const found = sightings(secrets, seen)
  expect(found).toContain('a token in stderr')
  expect(found).toContain('a key in stderr')
})

// Facebook in a box, the cloud and the contact centre as three programs: what a customer does on one side is seen on the other.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret } from '@patchbay/kit/config.ts'
import { newKey, seal, sealingKey, sha256 } from '@patchbay/kit/crypto.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { startSimulator } from '@patchbay/simulator/simulator.ts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { eventually, makeAccount, makeKey, type OwnAccount } from './service.ts'

const app = {
  id: '910000000000001',
  secret: '0123456789abcdef0123456789abcdef',
  verifyToken: 'a verify token',
}
const page = '101000000000001'
const nordbikes = '17841400000000001'
const anna = '2010000000000001'
const giulia = '2010000000000003'
const redirectUri = 'https://cloud.example.com/return'
const fields =
  'messages,message_echoes,message_deliveries,message_reads,message_reactions,message_edits,messaging_postbacks,messaging_referrals,standby,feed'
const WITHIN_MS = 60_000
const secretKey = newKey()

let folder: Awaited<ReturnType<typeof dataFolder>>
const programs: Program[] = []
const closing: (() => Promise<void>)[] = []
let desk: Client
let account: OwnAccount
let simulator: string
let cloud: Program
let cloudEnv: Record<string, string>

// Bodies come from wires that are not typed here; a test looks at what it expects.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Json = any

async function ask(url: string, body?: object): Promise<Json> {
  const answer = await fetch(url, {
    method: body ? 'POST' : 'GET',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`)
  return JSON.parse(text)
}
const play = (verb: string, input: object = {}): Promise<Json> => ask(`${simulator}/simulator/${verb}`, input)
const write = (text: string): Promise<Json> => play('customer/write', { person: giulia, page, text })

/** The token of the page, by the way of the login dialog. */
async function pageToken(): Promise<string> {
  const permissions = [
    'pages_show_list',
    'pages_manage_metadata',
    'pages_messaging',
    'pages_read_engagement',
    'pages_read_user_content',
    'pages_manage_engagement',
    'instagram_basic',
    'instagram_manage_messages',
  ]
  const form = new URLSearchParams({
    client_id: app.id,
    redirect_uri: redirectUri,
    state: 's',
    scope: permissions.join(','),
    person: anna,
    decision: 'accept',
    pages: page,
  })
  for (const permission of permissions) form.append('permissions', permission)
  const decided = await fetch(`${simulator}/v26.0/dialog/oauth`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const code = new URL(decided.headers.get('location') ?? '').searchParams.get('code')
  const token = async (query: Record<string, string>): Promise<string> =>
    (
      await ask(
        `${simulator}/v26.0/oauth/access_token?${new URLSearchParams({ client_id: app.id, client_secret: app.secret, ...query })}`,
      )
    ).access_token
  const short = await token({ redirect_uri: redirectUri, code: code ?? '' })
  const long = await token({ grant_type: 'fb_exchange_token', fb_exchange_token: short })
  const { data } = await ask(`${simulator}/v26.0/me/accounts?access_token=${long}`)
  return data[0].access_token
}

/** The page and its Instagram account are bound to the account, as connecting would leave them. */
async function bindBoth(database: pg.Client, token: string): Promise<void> {
  await database.query(`insert into app_user (email, password_hash) values ('owner@example.com', 'none')`)
  const { secret, uid } = await desk.send<{ secret: string; uid: string }>(
    'POST',
    `/api/openchannel/accounts/${account.id}/secret`,
    {},
  )
  const { key } = await makeKey(desk, ['attachments', 'accounts:secret'])
  for (const [kind, id, name, linked] of [
    ['facebook', page, 'Nord Bikes', null],
    ['instagram', nordbikes, '@nordbikes', page],
  ])
    await database.query(
      `insert into integration (user_id, kind, page_id, page_name, linked_page_id, wall_posts, facebook_user_id, receive_url, account_id, uid_digest)
       select id, $1, $2, $3, $4::text, $4::text is null, '1', $5, $6, $7 from app_user`,
      [kind, id, name, linked, account.receiveUrl.split('?')[0], account.id, sha256(uid)],
    )
  const { rows } = await database.query('select id from integration')
  for (const { id } of rows) await sealFor(database, id, { token, key, secret })
}

async function sealFor(
  database: pg.Client,
  id: number,
  { token, key, secret }: { token: string; key: string; secret: string },
): Promise<void> {
  const sealed = (name: string, text: string) =>
    seal(sealingKey(new Secret(secretKey)), `integration:${id}:${name}`, text)
  await database.query(
    'update integration set page_token_sealed = $2, receive_url_sealed = $3, api_key_sealed = $4, secret_sealed = $5 where id = $1',
    [
      id,
      sealed('page_token', token),
      sealed('receive_url', account.receiveUrl),
      sealed('api_key', key),
      sealed('secret', secret),
    ],
  )
}

beforeAll(async () => {
  folder = await dataFolder()
  const start = async (startFile: string, port: number, env: Record<string, string>): Promise<Program> => {
    const program = await startProgram({
      dataDir: folder.path,
      port,
      startFile,
      env: { SECRET_KEY: secretKey, ...env },
    })
    programs.push(program)
    return program
  }
  const box = await startSimulator({ appId: app.id, appSecret: app.secret, redirectUris: [redirectUri] })
  closing.push(() => box.close())
  simulator = box.origin
  const cloudPort = await freePort()
  const origin = `http://localhost:${cloudPort}`
  cloudEnv = {
    CLOUD_PORT: String(cloudPort),
    FACEBOOK_APP_ID: app.id,
    FACEBOOK_APP_SECRET: app.secret,
    FACEBOOK_VERIFY_TOKEN: app.verifyToken,
    FACEBOOK_GRAPH_URL: simulator,
    FACEBOOK_CDN_HOSTS: 'localhost',
    OUTBOUND_ALLOW: '127.0.0.0/8,::1/128',
  }
  cloud = await start('../cloud/start.js', cloudPort, cloudEnv)
  const server = await start('../server/start.js', await freePort(), {})
  desk = client(server.origin)
  // What the cloud tells is signed, so the strictest account takes it.
  account = await makeAccount(desk, { replyUrl: `${origin}/api/reply`, requireSignature: true })

  const postgres = join(folder.path, 'cloud', 'postgres')
  const password = (await readFile(join(postgres, 'password'), 'utf8')).trim()
  const database = new pg.Client({ host: postgres, user: 'postgres', database: 'postgres', password })
  await database.connect()
  await play('world/subscription', {
    app: app.id,
    object: 'page',
    callbackUrl: `${origin}/webhook/facebook`,
    verifyToken: app.verifyToken,
    fields: fields.split(','),
  })
  await play('world/subscription', {
    app: app.id,
    object: 'instagram',
    callbackUrl: `${origin}/webhook/facebook`,
    verifyToken: app.verifyToken,
    fields: ['messages', 'messaging_seen', 'message_reactions'],
  })
  const token = await pageToken()
  await ask(`${simulator}/v26.0/${page}/subscribed_apps`, { subscribed_fields: fields, access_token: token })
  await bindBoth(database, token)
  await database.end()
}, 180_000)

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()))
  for (const close of closing) await close()
  await folder?.remove()
}, 60_000)

const interactions = async (): Promise<Json[]> =>
  (await desk.get<Json>(`/api/openchannel/interactions?OpenchannelAccountId=${account.id}`)).rows
const messages = async (id: number): Promise<Json[]> => {
  const { items } = await desk.get<Json>(`/api/openchannel/interactions/${id}/thread`)
  return items.flatMap(({ message: one }: Json) => one ?? [])
}
/** The interaction of Messenger, or of a post. */
const interaction = (threadId: string | null = null): Promise<Json> =>
  eventually(
    async () => (await interactions()).find((one) => (one.threadId || null) === threadId),
    `an interaction of ${threadId}`,
    WITHIN_MS,
  )
const message = (id: number, fits: (one: Json) => boolean, what: string): Promise<Json> =>
  eventually(async () => (await messages(id)).find(fits), what, WITHIN_MS)
const answer = (interactionId: number, body: string, more: object = {}): Promise<Json> =>
  desk.send('POST', '/api/openchannel/messages', {
    OpenchannelInteractionId: interactionId,
    body,
    direction: 'out',
    ...more,
  })
const thread = async (): Promise<Json> => (await ask(`${simulator}/simulator/state`)).threads[0]
const shown = (fits: (one: Json) => boolean, what: string): Promise<Json> =>
  eventually(async () => (await thread())?.messages.find(fits), what, WITHIN_MS)

test('a customer writes in Messenger, an agent answers, and both see it, once', async () => {
  const { mid } = await write('Do you mend brakes?')
  const { id, ...rest } = await interaction()
  expect(await message(id, ({ body }) => body === 'Do you mend brakes?', 'the question')).toMatchObject({
    direction: 'in',
  })
  const { contact } = await desk.get<Json>(`/api/openchannel/interactions/${id}`).catch(() => rest)
  expect(JSON.stringify(contact ?? rest)).not.toContain('undefined')
  expect(mid).toMatch(/^m_/)
  await answer(id, 'Yes, on Tuesday.')
  await shown(({ text, isFromPage }) => text === 'Yes, on Tuesday.' && isFromPage, 'the answer')
  await message(
    id,
    ({ body, status }) => body === 'Yes, on Tuesday.' && status === 'delivered',
    'its delivery',
  )
  await play('customer/read', { person: giulia, page })
  await message(id, ({ body, status }) => body === 'Yes, on Tuesday.' && status === 'read', 'its reading')
  expect((await messages(id)).map(({ body }) => body)).toEqual(['Do you mend brakes?', 'Yes, on Tuesday.'])
})

test('files go both ways with their names and types', async () => {
  const { id } = await interaction()
  const bytes = Buffer.from('%PDF-1.7 of the customer').toString('base64')
  await play('customer/send-file', {
    person: giulia,
    page,
    text: 'The bill',
    files: [{ name: 'bill.pdf', type: 'application/pdf', base64: bytes }],
  })
  const { file } = await message(id, ({ file: one }) => one !== null, 'the file')
  const download = await desk.raw('GET', `/api/attachments/${file.id}/download`)
  expect(await download.text()).toBe('%PDF-1.7 of the customer')
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.7 of the agent'], { type: 'application/pdf' }), 'offer.pdf')
  const key = await makeKey(desk)
  const upload = await fetch(`${new URL(account.receiveUrl).origin}/api/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.key}` },
    body: form,
  })
  const { id: fileId } = (await upload.json()) as { id: number }
  await answer(id, '', { AttachmentId: fileId })
  const { attachments } = await shown(
    ({ isFromPage, attachments: files }) => isFromPage && files.length > 0,
    'the file of the agent',
  )
  expect(JSON.stringify(attachments)).toContain('offer.pdf')
})

test('edits, reactions and unsends of the customer show at the desk, and so do answers from Facebook’s inbox', async () => {
  const { id } = await interaction()
  const { mid } = await write('I mean the frnt brake')
  await message(id, ({ body }) => body === 'I mean the frnt brake', 'the message')
  await play('customer/edit', { person: giulia, page, mid, text: 'I mean the front brake' })
  await message(id, ({ body }) => body === 'I mean the front brake', 'the edit')
  const mine = await thread()
  const answered = mine.messages.find(({ text }: Json) => text === 'Yes, on Tuesday.')
  await play('customer/react', { person: giulia, page, mid: answered.mid, emoji: '❤️' })
  await play('customer/unsend', { person: giulia, page, mid })
  await message(id, ({ body, deletedAt }) => body === '' && deletedAt !== null, 'the unsend')
  await play('admin/answer', { person: giulia, page, text: 'From the inbox' })
  expect(await message(id, ({ body }) => body === 'From the inbox', 'the answer of the inbox')).toMatchObject(
    { direction: 'out' },
  )
  await message(
    id,
    ({ body, reactions }) => body === 'Yes, on Tuesday.' && reactions?.includes('❤️'),
    'the reaction to the answer',
  )
})

test('a post of a visitor is an interaction of its own, an answer is a comment, and the page’s own posts do not come', async () => {
  await play('admin/post', { page, text: 'Sale on Saturday' })
  const post = await play('customer/post', { person: giulia, page, text: 'Are you open on Sunday?' })
  const { id, externalUrl } = await interaction(post.id)
  expect(externalUrl).toContain('http')
  await answer(id, 'From ten to four.')
  const comments = async (): Promise<Json[]> => (await ask(`${simulator}/simulator/state`)).comments
  const ours = await eventually(
    async () => (await comments()).find(({ message: text }) => text === 'From ten to four.'),
    'the comment',
    WITHIN_MS,
  )
  expect(ours).toMatchObject({ author: { kind: 'page' } })
  await play('customer/comment', { person: giulia, on: ours.id, text: 'Thank you' })
  await message(id, ({ body }) => body === 'Thank you', 'the answer to our comment')
  expect((await messages(id)).map(({ body }) => body)).toEqual([
    'Are you open on Sunday?',
    'From ten to four.',
    'Thank you',
  ])
  expect((await interactions()).length).toBe(2)
})

test('what Facebook does not take is told on the answer in words', async () => {
  const { id } = await interaction()
  await play('world/block', { person: giulia, page, isBlocked: true })
  await answer(id, 'Are you there?')
  const failed = await message(
    id,
    ({ body, status }) => body === 'Are you there?' && status === 'failed',
    'the failure',
  )
  expect(JSON.stringify(failed)).toContain('cannot receive messages')
  await play('world/block', { person: giulia, page, isBlocked: false })
})

test('what customers write while the cloud is killed is told when it is back, in order and once', async () => {
  const { id } = await interaction()
  await cloud.kill()
  for (const text of ['one', 'two', 'three']) await write(text)
  cloud = await startProgram({
    dataDir: folder.path,
    port: Number(cloudEnv.CLOUD_PORT),
    startFile: '../cloud/start.js',
    env: { SECRET_KEY: secretKey, ...cloudEnv },
  })
  programs.push(cloud)
  await write('four')
  await play('deliveries/release').catch(() => undefined)
  await message(id, ({ body }) => body === 'four', 'the last')
  await message(id, ({ body }) => body === 'three', 'the third')
  const told = (await messages(id))
    .map(({ body }) => body)
    .filter((body) => ['one', 'two', 'three', 'four'].includes(body))
  expect(told.sort()).toEqual(['four', 'one', 'three', 'two'])
})

test('a customer writes on Instagram to the same account, an agent’s answer reaches Instagram, and its own app is followed', async () => {
  const sides = { person: giulia, page, platform: 'instagram' }
  const known = new Set((await interactions()).map(({ id }) => id))
  await play('customer/write', { ...sides, text: 'Is the red one still there?' })
  const { id } = await eventually(
    async () => (await interactions()).find((one) => !known.has(one.id)),
    'an interaction of Instagram',
    WITHIN_MS,
  )
  await message(id, ({ body }) => body === 'Is the red one still there?', 'the question')
  await play('customer/mention-in-story', { person: giulia, page })
  await message(id, ({ body }) => body === '(Mention in a story)', 'the story')
  const direct = async (): Promise<Json> =>
    (await ask(`${simulator}/simulator/state`)).threads.find((one: Json) => one.platform === 'instagram')
  const seen = (fits: (one: Json) => boolean, what: string): Promise<Json> =>
    eventually(async () => (await direct()).messages.find(fits), what, WITHIN_MS)
  await answer(id, 'Yes, until Friday.')
  await seen(({ text, isFromPage }) => text === 'Yes, until Friday.' && isFromPage, 'the answer')
  await play('customer/read', sides)
  await message(id, ({ body, status }) => body === 'Yes, until Friday.' && status === 'read', 'its reading')
  await play('admin/answer', { ...sides, text: 'I put it aside.' })
  await message(id, ({ body, direction }) => body === 'I put it aside.' && direction === 'out', 'a colleague')
  const own = (await messages(id)).filter(({ body }) => body === 'Yes, until Friday.')
  expect(own).toHaveLength(1)
})

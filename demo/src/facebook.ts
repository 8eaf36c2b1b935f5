// Connects a page of the simulator and its Instagram account, each to an account of its own, by the steps that a person takes: register, log in at Facebook, bind the page.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Caller } from './seed.ts'

/** What the simulator knows its app and people by, in every box. */
export const simulated = {
  appId: '910000000000001',
  appSecret: '0123456789abcdef0123456789abcdef',
  admin: '2010000000000001',
  page: '101000000000001',
  pageName: 'Nord Bikes',
  instagram: '17841400000000001',
  instagramName: '@nordbikes',
} as const
export const callbackPath = '/connect/facebook/callback'

export interface ConnectOptions {
  cloud: string
  simulator: string
  /** Where the cloud leaves its mails. */
  mailFolder: string
  verifyToken: string
  password: string
  admin: Caller
  email: string
}

interface Row {
  id: number
  name: string
}

const connections = [
  { kind: 'facebook', id: simulated.page, accountName: `${simulated.pageName} on Facebook` },
  { kind: 'instagram', id: simulated.instagram, accountName: `${simulated.pageName} on Instagram` },
] as const
const webhookFields =
  'messages,message_echoes,message_deliveries,message_reads,message_reactions,message_edits,messaging_postbacks,messaging_referrals,messaging_handovers,standby,feed'
const instagramFields =
  'messages,message_reactions,message_edits,messaging_postbacks,messaging_referral,messaging_seen,standby'
const MAIL_WITHIN_MS = 60_000

/** A second start finds everything in place. */
export async function connectPage(options: ConnectOptions): Promise<void> {
  const { cloud } = options
  await subscribeApp(options)
  const cookie = (await signIn(options)) ?? (await register(options))
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${cloud}${path}`, {
      method,
      headers: { cookie, origin: cloud, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await readAnswer(answer, `${method} ${path}`)) as T
  }
  const integrations = await api<{ rows: { page: { id: string }; state: string }[] }>(
    'GET',
    '/api/integrations',
  )
  const isConnected = (id: string): boolean =>
    integrations.rows.some(({ page, state }) => page.id === id && state === 'connected')
  const missing = connections.filter(({ id }) => !isConnected(id))
  if (missing.length === 0) return
  await logInAtFacebook(options, cookie)
  const { key } = await options.admin.send<{ key: string }>('POST', '/api/keys', {
    name: `${simulated.pageName}, cloud`,
    scopes: ['attachments', 'accounts:secret'],
  })
  for (const { kind, accountName } of missing) {
    const { receiveUrl } = await ensureAccount(options, accountName)
    await api('POST', '/api/integrations', { kind, pageId: simulated.page, receiveUrl, apiKey: key })
  }
}

async function subscribeApp(options: ConnectOptions): Promise<void> {
  await subscribeTo(options, 'page', webhookFields)
  await subscribeTo(options, 'instagram', instagramFields)
}

async function subscribeTo(
  { simulator, cloud, verifyToken }: ConnectOptions,
  object: string,
  fields: string,
): Promise<void> {
  const answer = await fetch(`${simulator}/${simulated.appId}/subscriptions`, {
    method: 'POST',
    body: new URLSearchParams({
      access_token: `${simulated.appId}|${simulated.appSecret}`,
      object,
      callback_url: `${cloud}/webhook/facebook`,
      verify_token: verifyToken,
      fields,
    }),
  })
  await readAnswer(answer, 'subscribing to webhooks')
}

async function ensureAccount(
  { admin, cloud }: ConnectOptions,
  accountName: string,
): Promise<{ receiveUrl: string }> {
  type Account = Row & { receiveUrl: string }
  const known = await admin.get<{ rows: Account[] }>('/api/openchannel/accounts')
  const existing = known.rows.find(({ name }) => name === accountName)
  if (existing) return existing
  const [list] = (await admin.get<{ rows: Row[] }>('/api/lists')).rows
  const queues = await admin.get<{ rows: Row[] }>('/api/openchannel/queues')
  const users = await admin.get<{ rows: (Row & { email: string })[] }>('/api/users')
  const made = await admin.send<Account>('POST', '/api/openchannel/accounts', {
    name: accountName,
    listId: list?.id,
    mapKey: 'facebook',
    replyUrl: `${cloud}/api/reply`,
  })
  const agents = users.rows.filter(({ name }) => name === 'marta' || name === 'luca').map(({ id }) => id)
  await admin.send('PUT', `/api/openchannel/accounts/${made.id}/agents`, { ids: agents })
  const sales = queues.rows.find(({ name }) => name === 'Sales')
  if (sales)
    await admin.send('PUT', `/api/openchannel/accounts/${made.id}/actions`, {
      actions: [{ type: 'queue', queueId: sales.id }],
    })
  return made
}

const json = (cloud: string) => ({ 'content-type': 'application/json', origin: cloud })

/** The cookie; undefined for who has not registered yet. */
async function signIn({ cloud, email, password }: ConnectOptions): Promise<string | undefined> {
  const answer = await fetch(`${cloud}/api/session`, {
    method: 'POST',
    headers: json(cloud),
    body: JSON.stringify({ email, password }),
  })
  return answer.ok ? cookieOf(answer) : undefined
}

async function register({ cloud, email, password, mailFolder }: ConnectOptions): Promise<string> {
  const asked = await fetch(`${cloud}/api/register`, {
    method: 'POST',
    headers: json(cloud),
    body: JSON.stringify({ email, password }),
  })
  await readAnswer(asked, 'registering at the cloud')
  const code = await mailedCode(mailFolder)
  const verified = await fetch(`${cloud}/api/verify`, {
    method: 'POST',
    headers: json(cloud),
    body: JSON.stringify({ email, code }),
  })
  await readAnswer(verified, 'confirming the address')
  return cookieOf(verified)
}

async function mailedCode(folder: string): Promise<string> {
  const deadline = Date.now() + MAIL_WITHIN_MS
  while (Date.now() < deadline) {
    // What is still being written has another ending.
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'))
    for (const name of names.sort().reverse()) {
      const mail = await readFile(join(folder, name), 'utf8')
      const code = /^(\d{4}\s?\d{4})\r?$/m.exec(mail)?.[1]
      if (code) return code
    }
    await new Promise((resume) => setTimeout(resume, 150))
  }
  throw new Error(`no mail with a code came to ${folder}`)
}

/** As a browser would: to the dialog, through it as the page's admin, and back. */
async function logInAtFacebook({ cloud, simulator }: ConnectOptions, cookie: string): Promise<void> {
  const leaving = await fetch(`${cloud}/connect/facebook`, { headers: { cookie }, redirect: 'manual' })
  const dialog = new URL(leaving.headers.get('location') ?? '')
  const form = new URLSearchParams(dialog.searchParams)
  form.set('person', simulated.admin)
  form.set('decision', 'accept')
  form.set('pages', simulated.page)
  for (const permission of (dialog.searchParams.get('scope') ?? '').split(/[\s,]+/))
    form.append('permissions', permission)
  const deciding = await fetch(`${simulator}${dialog.pathname}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const cookies = [cookie, ...leaving.headers.getSetCookie().map(firstPart)].join('; ')
  const back = deciding.headers.get('location') ?? ''
  const returned = await fetch(back, { headers: { cookie: cookies }, redirect: 'manual' })
  const outcome = returned.headers.get('location') ?? ''
  if (!outcome.includes('outcome=done')) throw new Error(`logging in at the simulator ended with ${outcome}`)
}

async function readAnswer(answer: Response, what: string): Promise<unknown> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${what} answered ${answer.status}: ${text.slice(0, 300)}`)
  return text === '' ? undefined : JSON.parse(text)
}

const firstPart = (cookie: string): string => cookie.split(';', 1)[0] ?? ''
const cookieOf = (answer: Response): string => answer.headers.getSetCookie().map(firstPart).join('; ')

/** The same in every start of one demo, and nothing that anybody could need. */
export const verifyTokenOf = (folder: string): string =>
  createHash('sha256').update(`demo ${folder}`).digest('hex').slice(0, 32)

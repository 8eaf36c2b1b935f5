// A service as the outside world is: posts customers' messages to a Receive URL and keeps what comes to its Reply URL.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Key, User } from '@patchbay/protocol/api/people.ts'
import type { Accepted, Reply } from '@patchbay/protocol/open-channel.ts'
import { admin, type Client } from './program.ts'

export interface Call {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Reply
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

export interface Service {
  readonly replyUrl: string
  readonly calls: readonly Call[]
  /** Taken one by one for the next calls; without any it answers 200 with an id. */
  readonly answers: Answer[]
  /** The calls so far for an interaction, once there are so many. */
  callsFor(interactionId: number, count: number): Promise<Call[]>
  stop(): Promise<void>
}

export async function startService(): Promise<Service> {
  const calls: Call[] = []
  const answers: Answer[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const { method = '', url: path = '', headers } = request
    calls.push({ at: Date.now(), method, path, headers, text, body: JSON.parse(text) as Reply })
    const { status, headers: own, body } = answers.shift() ?? { status: 200, body: { id: 'channel-1' } }
    response.writeHead(status, { 'content-type': 'application/json', ...own })
    response.end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume))
  const { port } = server.address() as AddressInfo
  return {
    replyUrl: `http://127.0.0.1:${port}/replies`,
    calls,
    answers,
    callsFor: (interactionId, count) =>
      eventually(() => {
        const found = calls.filter(({ body }) => body.OpenchannelInteractionId === interactionId)
        return found.length >= count ? found : undefined
      }, `${count} calls for interaction ${interactionId}`),
    async stop() {
      server.closeAllConnections()
      await new Promise((resume) => server.close(resume))
    },
  }
}

/** Asks again until there is an answer. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: string,
  withinMs = 40_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await new Promise((resume) => setTimeout(resume, 25))
  }
}

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  field?: string
  allowed?: string[]
  fields?: string[]
}

/** An acceptance or a problem, whichever it is. */
export interface Posted {
  status: number
  headers: Headers
  body: Accepted & Problem
}

/** A string is sent as it stands; an object as JSON, where none of the headers says otherwise. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const isRaw = body instanceof FormData || body instanceof Uint8Array
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...(!isRaw && { 'content-type': 'application/json' }), ...headers },
    body: isRaw
      ? (body as FormData | Uint8Array<ArrayBuffer>)
      : typeof body === 'string'
        ? body
        : JSON.stringify(body),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Posted['body'],
  }
}

/** A message that is taken. */
export async function send(url: string, body: unknown): Promise<Accepted> {
  const posted = await post(url, body)
  if (posted.status !== 200) throw new Error(`answered ${posted.status}: ${JSON.stringify(posted.body)}`)
  return posted.body
}

export type OwnAccount = Account & { receiveUrl: string; token: string }

export async function makeAccount(api: Client, settings: object = {}): Promise<OwnAccount> {
  const { rows } = await api.get<{ rows: { id: number }[] }>('/api/lists')
  const name = `Account ${Math.random().toString(36).slice(2)}`
  return api.send('POST', '/api/openchannel/accounts', { name, listId: rows[0]?.id, ...settings })
}

/** A list of its own, so that no other test's contacts are found. */
export async function makeList(api: Client): Promise<number> {
  const name = `List ${Math.random().toString(36).slice(2)}`
  return (await api.send<{ id: number }>('POST', '/api/lists', { name })).id
}

export interface Person {
  user: User
  email: string
  password: string
}

export async function makeUser(api: Client, role = 'agent'): Promise<Person> {
  const name = `user${Math.random().toString(36).slice(2)}`
  const email = `${name}@example.com`
  const password = 'a password long enough'
  const user = await api.send<User>('POST', '/api/users', {
    email,
    password,
    name,
    fullname: `U. ${name}`,
    role,
  })
  return { user, email, password }
}

export async function makeKey(api: Client, scopes?: Key['scopes']): Promise<Key & { key: string }> {
  return api.send('POST', '/api/keys', { name: 'a key', ...(scopes && { scopes }) })
}

export interface Uploaded {
  id: number
  name: string
  type: string
  sizeBytes: number
  createdAt: string
  expiresAt: string | null
}

/** Sends one file as a client with HTTP Basic does; answers what came back. */
export async function uploadFile(
  origin: string,
  file: File,
  path = '/api/attachments',
  user = admin,
): Promise<Response> {
  const form = new FormData()
  form.set('file', file)
  const authorization = `Basic ${btoa(`${user.email}:${user.password}`)}`
  return fetch(`${origin}${path}`, { method: 'POST', headers: { authorization }, body: form })
}

/** The id of a small upload of the admin. */
export async function upload(origin: string, name: string, text = 'bytes'): Promise<number> {
  return ((await (await uploadFile(origin, new File([text], name))).json()) as Uploaded).id
}

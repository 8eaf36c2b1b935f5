/** Starts the whole contact centre on a database of the test file's own and calls it as clients do. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@patchbay/kit/config.ts'
import { newKey } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import type { Api } from '@patchbay/protocol/api.ts'
import type { Answer, Body, Params, Query, Role, Scope } from '@patchbay/protocol/endpoint.ts'
import type { Permission, Preset } from '@patchbay/protocol/permissions.ts'
import { afterAll } from 'vitest'
import { allowedBy } from './access/identity.ts'
import * as keys from './access/keys.ts'
import * as sessions from './access/sessions.ts'
import { createApp } from './app.ts'
import { boot, migrationsDir } from './boot.ts'
import { type Config, readConfig } from './config.ts'
import type { Context } from './context.ts'
import type { DB } from './database.gen.ts'

/** A user of the tests: `headers` authenticate calls as him, through a session with the Origin that a browser sends. */
export interface Person {
  id: number
  email: string
  role: Role
  permissions: ReadonlySet<Permission>
  headers: Record<string, string>
  /** The Cookie header alone, for sockets. */
  cookie: string
}

export interface TestAccount {
  id: number
  uid: string
  token: string
  receiveUrl: string
}

type As = Person | { headers: Record<string, string> } | null

/** For what is promised within a second, on a machine several times slower; what nobody was told is found after five. */
export const SECOND_MS = 3_000

export interface CallOptions<K extends keyof Api> {
  /** An admin unless told otherwise; null: nobody. */
  as?: As
  params?: Partial<Record<keyof Params<Api[K]>, string | number>>
  query?: { [Q in keyof Query<Api[K]>]?: unknown }
  body?: Body<Api[K]> | object
}

export interface CallAnswer<T> {
  status: number
  headers: Headers
  /** Of a refusal: the problem document. */
  body: (T extends null ? object : T) & { code?: string; detail?: string; field?: string }
}

/** One node: a second one on the same database is made by `another()`. */
export interface TestNode {
  ctx: Context
  url: string
  call<K extends keyof Api>(key: K, options?: CallOptions<K>): Promise<CallAnswer<Answer<Api[K]>>>
}

export interface TestServer extends TestNode {
  admin: Person
  /** With the preset's role, or one of its own with these permissions. */
  makeUser(
    role?: Preset | readonly Permission[],
    fields?: { email?: string; name?: string; fullname?: string },
  ): Promise<Person>
  makeKey(
    owner: Person,
    scopes?: Scope[] | null,
  ): Promise<{ id: number; key: string; headers: Record<string, string> }>
  makeAccount(fields?: {
    name?: string
    replyUrl?: string
    actions?: object[]
    agents?: Person[]
  }): Promise<TestAccount>
  addAgent(account: { id: number }, person: Person): Promise<void>
  /** Posts to the account's Receive URL as a service does. */
  receive(account: TestAccount, message: object): Promise<CallAnswer<Record<string, { id: number }>>>
  another(): Promise<TestNode>
}

/** Call it at the top of a test file: it is stopped, and its database dropped, after the last test. */
export async function startTestServer(
  overrides: Partial<Config> = {},
  write = (line: string): void => void process.stderr.write(line),
): Promise<TestServer> {
  const { url: databaseUrl } = await testDatabase<DB>(migrationsDir)
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-server-'))
  const secretKey = new Secret(newKey())
  const resources = new AsyncDisposableStack()
  resources.defer(() => rm(dataDir, { recursive: true, force: true }))
  afterAll(() => resources.disposeAsync())

  let admin: Person | undefined
  const startNode = async (): Promise<TestNode> => {
    const port = await freePort()
    const config = {
      ...readConfig({ PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' }),
      ...overrides,
    }
    const log = createLog({ program: 'test', level: config.logLevel, write })
    const ctx = await boot({ config, databaseUrl, secretKey, log }, resources)
    const app = await createApp(ctx, resources)
    const url = await app.http.listen({ host: '127.0.0.1', port })
    app.start()
    return { ctx, url, call: createCall(url, () => admin ?? null) }
  }

  const first = await startNode()
  const make = makers(first)
  admin = await make.makeUser('admin')
  return { ...first, ...make, admin, another: startNode }
}

function createCall(origin: string, usual: () => As): TestNode['call'] {
  return async (key, options = {}) => {
    const { as = usual(), query = {}, body } = options
    const params: Record<string, unknown> = { ...options.params }
    const [method = '', template = ''] = key.split(' ')
    const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
    const url = new URL(path, origin)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    const headers = {
      ...as?.headers,
      ...(as?.headers.origin && { origin }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    return read(
      await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
    )
  }
}

/** For what a test only builds upon: a refusal ends it at once, with its words. */
function must<T>({ status, body }: CallAnswer<T>): CallAnswer<T>['body'] {
  if (status >= 300) throw new Error(`${status} ${body.code}: ${body.detail}`)
  return body
}

async function read<T>(response: Response): Promise<CallAnswer<T>> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : (text as T) }
}

function makers({ ctx, url, call }: TestNode) {
  const { db } = ctx
  let count = 0

  const makeUser: TestServer['makeUser'] = async (role = 'agent', fields = {}) => {
    const isPreset = typeof role === 'string'
    const name = fields.name ?? `${isPreset ? role : 'custom'}${++count}`
    const email = fields.email ?? `${name}@example.com`
    const of = isPreset
      ? await db.selectFrom('role').selectAll().where('preset', '=', role).executeTakeFirstOrThrow()
      : await db
          .insertInto('role')
          .values({ name: `Role of ${name}`, permissions: [...role] })
          .returningAll()
          .executeTakeFirstOrThrow()
    const user = await db
      .insertInto('app_user')
      .values({ email, name, fullname: fields.fullname ?? name, role: 'agent', role_id: of.id })
      .returning(['id', 'role'])
      .executeTakeFirstOrThrow()
    const token = await sessions.start(db, { userId: user.id, address: '127.0.0.1', userAgent: 'test' })
    const cookie = `${ctx.gatekeeper.cookie.name}=${token}`
    return { ...user, email, permissions: allowedBy(of), cookie, headers: { cookie, origin: url } }
  }

  const makeKey: TestServer['makeKey'] = async (owner, scopes = null) => {
    const fields = { user_id: owner.id, name: 'test', scopes, expires_at: null }
    const { id, key } = await transaction(db, (tx) => keys.add(tx, fields))
    return { id, key, headers: { authorization: `Bearer ${key}` } }
  }

  const addAgent: TestServer['addAgent'] = async (account, person) => {
    await db.insertInto('account_agent').values({ account_id: account.id, user_id: person.id }).execute()
  }

  const makeAccount: TestServer['makeAccount'] = async (fields = {}) => {
    const { name = `Account ${++count}`, replyUrl = '', actions, agents } = fields
    const made = must(await call('POST /api/openchannel/accounts', { body: { name, replyUrl } }))
    const params = { id: made.id }
    if (actions) must(await call('PUT /api/openchannel/accounts/:id/actions', { params, body: { actions } }))
    const ids = agents?.map((agent) => agent.id)
    if (ids) must(await call('PUT /api/openchannel/accounts/:id/agents', { params, body: { ids } }))
    return { id: made.id, uid: made.uid, token: made.token ?? '', receiveUrl: made.receiveUrl ?? '' }
  }

  const receive: TestServer['receive'] = async (account, message) =>
    read(
      await fetch(account.receiveUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
      }),
    )

  return { makeUser, makeKey, addAgent, makeAccount, receive }
}

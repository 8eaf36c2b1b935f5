/** Starts the whole cloud on a database of the test file's own, and calls it as browsers do. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@patchbay/kit/config.ts'
import { newKey } from '@patchbay/kit/crypto.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { hashPassword } from '@patchbay/kit/password.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import type { CloudApi } from '@patchbay/protocol/cloud.ts'
import type { Answer, Body, Params, Query } from '@patchbay/protocol/endpoint.ts'
import { afterAll } from 'vitest'
import { cookieOf } from './access/serve.ts'
import * as sessions from './access/sessions.ts'
import { createApp } from './app.ts'
import { boot, migrationsDir } from './boot.ts'
import { type Config, readConfig } from './config.ts'
import type { Context } from './context.ts'
import type { DB } from './database.gen.ts'

/** `headers` authenticate calls as him, with the Origin that a browser sends. */
export interface Person {
  id: number
  email: string
  headers: Record<string, string>
}

export interface CallOptions<K extends keyof CloudApi> {
  /** Nobody unless told otherwise. */
  as?: { headers: Record<string, string> } | null
  params?: Partial<Record<keyof Params<CloudApi[K]>, string | number>>
  query?: { [Q in keyof Query<CloudApi[K]>]?: unknown }
  body?: Body<CloudApi[K]> | object
}

export interface CallAnswer<T> {
  status: number
  headers: Headers
  /** Of a refusal: the problem document. */
  body: (T extends null ? object : T) & { code?: string; detail?: string; field?: string }
}

export interface TestCloud {
  ctx: Context
  url: string
  call<K extends keyof CloudApi>(key: K, options?: CallOptions<K>): Promise<CallAnswer<Answer<CloudApi[K]>>>
  /** Whose address is confirmed, and who is signed in. */
  makeUser(fields?: { email?: string; password?: string; locale?: 'en' | 'it' }): Promise<Person>
  /** The mails to one address, oldest first, as they were sent. */
  mails(to: string): Promise<string[]>
  another(): Promise<Pick<TestCloud, 'ctx' | 'url' | 'call'>>
}

/** What the tests say at Meta. */
export const testApp = {
  FACEBOOK_APP_ID: '1234567890',
  FACEBOOK_APP_SECRET: '0123456789abcdef0123456789abcdef',
  FACEBOOK_VERIFY_TOKEN: 'verify-me',
}

/** Call it at the top of a test file: it is stopped, and its database dropped, after the last test. `env` as main would read it. */
export async function startTestCloud(
  env: Record<string, string> = {},
  overrides: Partial<Config> = {},
  write = (line: string): void => void process.stderr.write(line),
): Promise<TestCloud> {
  const { url: databaseUrl } = await testDatabase<DB>(migrationsDir)
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-cloud-'))
  const secretKey = new Secret(newKey())
  const resources = new AsyncDisposableStack()
  resources.defer(() => rm(dataDir, { recursive: true, force: true }))
  afterAll(() => resources.disposeAsync())

  const startNode = async () => {
    const port = await freePort()
    const base = { CLOUD_PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error', ...testApp }
    const config = { ...readConfig({ ...base, ...env }), ...overrides }
    const log = createLog({ program: 'test', level: config.logLevel, write })
    const ctx = await boot({ config, databaseUrl, secretKey, log }, resources)
    const app = await createApp(ctx, resources)
    const url = await app.http.listen({ host: '127.0.0.1', port })
    app.start()
    return { ctx, url, call: createCall(url) }
  }
  const first = await startNode()
  const { ctx, url } = first
  let count = 0

  return {
    ...first,
    another: startNode,

    async makeUser(fields = {}) {
      const { email = `person${++count}@example.com`, password, locale = 'en' } = fields
      const passwordHash = password === undefined ? 'none' : await hashPassword(password)
      const { id } = await ctx.db
        .insertInto('app_user')
        .values({ email, password_hash: passwordHash, locale, verified_at: new Date() })
        .returning('id')
        .executeTakeFirstOrThrow()
      const token = await sessions.start(ctx.db, { userId: id, address: '127.0.0.1', userAgent: 'test' })
      return { id, email, headers: { cookie: `${cookieOf(ctx).name}=${token}`, origin: url } }
    },

    async mails(to) {
      const folder = join(dataDir, 'mail')
      const names = await readdir(folder).catch(() => [])
      const files = names.filter((name) => name.endsWith('.eml')).sort()
      const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
      return texts.filter((text) => text.includes(`To: ${to}`))
    },
  }
}

function createCall(origin: string): TestCloud['call'] {
  return async (key, options = {}) => {
    const { as, query = {}, body } = options
    const params: Record<string, unknown> = { ...options.params }
    const [method = '', template = ''] = key.split(' ')
    const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
    const url = new URL(path, origin)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    const headers = { ...as?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
  }
}

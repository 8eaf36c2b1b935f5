/** Invitations and forgotten passwords: the whole way by mail, and what strangers cannot learn or do. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transaction } from '@patchbay/kit/database.ts'
import { createLog } from '@patchbay/kit/log.ts'
import type { Me } from '@patchbay/protocol/api/session.ts'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startTestServer } from '../testing.ts'
import { makeLink, peopleChores } from './password-links.ts'

const server = await startTestServer()
const { call, ctx, admin } = server
const password = 'correct horse battery'
const soon = { timeout: 20_000, interval: 20 }
const folder = join(ctx.config.dataDir, 'mail')
let count = 0
let email = ''
beforeEach(() => {
  email = `person${++count}@example.com`
})

const mails = async (): Promise<string[]> => {
  const names = await readdir(folder).catch(() => [])
  const sources = names
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => readFile(join(folder, name), 'utf8'))
  return (await Promise.all(sources)).filter((source) => source.includes(`To: ${email}`))
}

async function mail(which = 1): Promise<string> {
  return vi.waitFor(async () => {
    const source = (await mails())[which - 1]
    expect(source).toBeDefined()
    return source ?? ''
  }, soon)
}

const codeIn = (source: string): string =>
  /\/password#(\w{32})/.exec(source.replaceAll('=\r\n', ''))?.[1] ?? 'no link'
const open = (code: string) => call('POST /api/password-links/check', { as: null, body: { code } })
const choose = (code: string, chosen = password) =>
  call('POST /api/password-links', { as: null, body: { code, password: chosen } })
const signIn = (chosen = password) =>
  call('POST /api/session', { as: null, body: { email, password: chosen } })
const invite = (fields: object = {}) =>
  call('POST /api/users', { body: { email, fullname: 'Marta', ...fields } })
const ask = (address = email) => call('POST /api/password-resets', { as: null, body: { email: address } })
const actionsOf = async (id: number) =>
  (
    await ctx.db
      .selectFrom('audit_entry')
      .select('action')
      .where('object_id', '=', id)
      .where('object', '=', 'app_user')
      .orderBy('id')
      .execute()
  ).map(({ action }) => action)

describe('an invitation', () => {
  test('goes by mail to a user who was made without a password, and lets him in once', async () => {
    const { status, body: user } = await invite()
    expect([status, user.invited]).toEqual([201, true])
    const code = codeIn(await mail())
    expect((await open(code)).body).toEqual({ kind: 'invitation', email, fullname: 'Marta' })
    const { status: chosen, body, headers } = await choose(code)
    const me = body as Me
    expect([chosen, me.id]).toEqual([200, user.id])
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await call('GET /api/me', { as: { headers: { cookie } } })).body.id).toBe(user.id)
    expect((await signIn()).status).toBe(200)
    expect((await choose(code, 'another good one')).body.code).toBe('AU-107')
    expect((await open(code)).body.code).toBe('AU-107')
    expect((await call('GET /api/users/:id', { params: { id: user.id } })).body.invited).toBe(false)
    expect(await actionsOf(user.id)).toEqual([
      'created',
      'invited',
      'accepted-invitation',
      'signed-in',
      'signed-in',
    ])
  })

  test('is written in the language of the invited', async () => {
    await invite({ locale: 'it' })
    expect(await mail()).toMatch(/Scegli una password/)
  })

  test('voids the one before', async () => {
    const { body: user } = await invite()
    const first = codeIn(await mail())
    expect(
      (await call('POST /api/users/:id/invitation', { params: { id: user.id }, body: {} })).body.url,
    ).toBeNull()
    const second = codeIn(await mail(2))
    expect((await open(first)).body.code).toBe('AU-107')
    expect((await open(second)).status).toBe(200)
  })

  test('is answered to an admin as a link when he asks for it instead of a mail', async () => {
    const { body: user } = await invite({ mail: false })
    const { body } = await call('POST /api/users/:id/invitation', {
      params: { id: user.id },
      body: { mail: false },
    })
    expect(body.url).toMatch(new RegExp(`^${ctx.config.publicUrl}/password#\\w{32}$`))
    expect((await choose(body.url?.split('#')[1] ?? '')).status).toBe(200)
    expect(await mails()).toEqual([])
  })

  test('is for admins to send, and only to those without a password', async () => {
    const agent = await server.makeUser('agent')
    const { body: user } = await invite({ password })
    const params = { id: user.id }
    expect((await call('POST /api/users/:id/invitation', { as: agent, params, body: {} })).status).toBe(403)
    expect((await call('POST /api/users/:id/invitation', { params, body: {} })).body.code).toBe('PE-102')
  })

  test('ends when the admin sets a password, changes the address or disables the user', async () => {
    for (const change of [{ password }, { email: `new-${count}@example.com` }, { disabled: true }]) {
      email = `person${++count}@example.com`
      const { body: user } = await invite({ mail: false })
      const { code } = await transaction(ctx.db, (tx) => makeLink(tx, user.id, 'invitation'))
      expect((await open(code)).status).toBe(200)
      await call('PATCH /api/users/:id', { params: { id: user.id }, body: change })
      expect((await open(code)).body.code).toBe('AU-107')
    }
  })

  test('that has expired opens nothing', async () => {
    const { body: user } = await invite({ mail: false })
    const { code } = await transaction(ctx.db, (tx) => makeLink(tx, user.id, 'invitation'))
    await ctx.pool.query(
      `update password_link set expires_at = now() - interval '1 second' where user_id = $1`,
      [user.id],
    )
    expect((await choose(code)).body.code).toBe('AU-107')
  })

  test('used by two at the same moment sets one password', async () => {
    const { body: user } = await invite({ mail: false })
    const { code } = await transaction(ctx.db, (tx) => makeLink(tx, user.id, 'invitation'))
    const answers = await Promise.all(
      ['first good one here', 'second good one here'].map((chosen) => choose(code, chosen)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  test('does not take a poor password, and stays open then', async () => {
    const { body: user } = await invite({ mail: false })
    const { code } = await transaction(ctx.db, (tx) => makeLink(tx, user.id, 'invitation'))
    expect((await choose(code, 'aaaaaaaaaaaa')).body.field).toBe('password')
    expect((await open(code)).status).toBe(200)
  })
})

describe('a forgotten password', () => {
  test('is replaced by mail, and every session that was open ends', async () => {
    const { body: user } = await invite({ password })
    const cookie = (await signIn()).headers.get('set-cookie')?.split(';')[0] ?? ''
    const before = { headers: { cookie } }
    expect((await call('GET /api/me', { as: before })).status).toBe(200)
    expect((await ask(` ${email.toUpperCase()}`.trim())).status).toBe(202)
    const source = await mail()
    expect(source).toContain('Subject: A new password for Patchbay')
    expect((await choose(codeIn(source), 'a new and better one')).status).toBe(200)
    expect((await call('GET /api/me', { as: before })).status).toBe(401)
    expect((await signIn()).status).toBe(401)
    expect((await signIn('a new and better one')).status).toBe(200)
    expect(await actionsOf(user.id)).toEqual(
      expect.arrayContaining(['asked-for-new-password', 'reset-password']),
    )
  })

  test('of nobody is answered the same, and nobody gets a mail', async () => {
    await invite({ password })
    const [known, unknown] = [await ask(), await ask('stranger@example.com')]
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
    await mail()
    const { rows } = await ctx.pool.query(
      `select from graphile_worker.jobs where task_identifier = 'send-password-link'`,
    )
    expect(rows).toEqual([])
    email = 'stranger@example.com'
    expect(await mails()).toEqual([])
  })

  test('of somebody who has not accepted his invitation invites him again', async () => {
    await invite()
    const first = codeIn(await mail())
    await ask()
    const source = await mail(2)
    expect(source).toContain('Subject: Your invitation to Patchbay')
    expect((await open(first)).status).toBe(401)
    expect((await open(codeIn(source))).body.kind).toBe('invitation')
  })

  test('of a disabled user opens nothing', async () => {
    const { body: user } = await invite({ password })
    await call('PATCH /api/users/:id', { params: { id: user.id }, body: { disabled: true } })
    await ask()
    await vi.waitFor(async () => {
      const { rows } = await ctx.pool.query(
        `select from graphile_worker.jobs where task_identifier = 'send-password-link'`,
      )
      expect(rows).toEqual([])
    }, soon)
    expect(await mails()).toEqual([])
  })

  test('is asked for a few times and then refused, whether or not anybody has the address', async () => {
    for (const address of [email, 'nobody-at-all@example.com']) {
      const answers = []
      for (let time = 0; time < 4; time++) answers.push(await ask(address))
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429])
      expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })
})

test('no link stands in the database, in an audit entry or in the log', async () => {
  const { body: user } = await invite({ mail: false })
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-links-'))
  afterAll(() => rm(dataDir, { recursive: true, force: true }))
  const lines: string[] = []
  const log = createLog({ program: 'test', level: 'debug', write: (line) => void lines.push(line) })
  const run = peopleChores({ ...ctx, log, config: { ...ctx.config, dataDir } })['send-password-link']?.run
  await run?.({ kind: 'invitation', userId: user.id, by: 'Ada' }, new AbortController().signal, {
    isLast: false,
  })
  const [name = ''] = await readdir(join(dataDir, 'mail'))
  const code = codeIn(await readFile(join(dataDir, 'mail', name), 'utf8'))
  expect((await open(code)).status).toBe(200)
  const { rows } = await ctx.pool.query(`select password_link::text as row from password_link
    union all select audit_entry::text from audit_entry union all select jobs::text from graphile_worker._private_jobs jobs`)
  expect(JSON.stringify(rows)).not.toContain(code)
  expect(lines.join('')).toContain('the mail lies in this file')
  expect(lines.join('')).not.toContain(code)
})

test('no value of a body makes an error of ours', async () => {
  for (const code of ['', '\0', '\ud800', 'x'.repeat(5000), 7, null, {}])
    expect([400, 401]).toContain(
      (await call('POST /api/password-links/check', { as: null, body: { code } as object })).status,
    )
  for (const address of ['\0@\0', '\ud800@x', 'x'.repeat(5000), 7, null])
    expect([202, 400]).toContain(
      (await call('POST /api/password-resets', { as: null, body: { email: address } as object })).status,
    )
  expect(admin.role).toBe('admin')
})

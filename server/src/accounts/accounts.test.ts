import { Buffer } from 'node:buffer'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
import { openDirectory } from './directory.ts'

const server = await startTestServer()
const { call, ctx } = server

async function make(fields: object = {}) {
  const { body } = await call('POST /api/openchannel/accounts', { body: { name: 'Shop', ...fields } })
  return body
}

async function auditOf(id: number) {
  return ctx.db
    .selectFrom('audit_entry')
    .select(['action', 'user_id', 'before', 'after'])
    .where('object', '=', 'account')
    .where('object_id', '=', id)
    .orderBy('id')
    .execute()
}

test('a new account has a list, a token, a Receive URL and a signing secret', async () => {
  const account = await make()
  const list = await ctx.db
    .selectFrom('list')
    .select('name')
    .where('id', '=', account.listId)
    .executeTakeFirst()
  expect(list?.name).toBe('Default')
  expect(account.token).toMatch(/^pbt_[0-9a-z]{32}$/)
  expect(account.receiveUrl).toBe(
    `${ctx.config.publicUrl}/api/openchannel/accounts/${account.id}/notify?token=${account.token}`,
  )
  expect(account).toMatchObject({
    canReply: false,
    version: 1,
    ratePerSecond: 100,
    rateBurst: 500,
    actions: [],
  })
  const { body } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  expect(body.uid).toBe(account.uid)
  expect(Buffer.from(body.secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32)
})

test('neither the token nor the secret stands in the database or in the audit log', async () => {
  const account = await make()
  const params = { id: account.id }
  const { body } = await call('POST /api/openchannel/accounts/:id/secret', { params, body: {} })
  const { rows } = await ctx.pool.query(
    `select a::text || coalesce(string_agg(e::text, ''), '') as text
     from account a left join audit_entry e on e.object = 'account' and e.object_id = a.id where a.id = $1 group by a.id`,
    [account.id],
  )
  const text = String(rows[0].text)
  expect(text).toContain('Shop')
  expect(text).not.toContain(account.token)
  expect(text).not.toContain(body.secret)
  expect((await auditOf(account.id)).map(({ action }) => action)).toEqual(['created', 'secret-shown'])
})

test('agents of an account see it without its addresses, others do not see it at all', async () => {
  const account = await make({ replyUrl: 'https://example.com/reply?key=secret' })
  const [agent, stranger, supervisor] = await Promise.all([
    server.makeUser('agent'),
    server.makeUser('agent'),
    server.makeUser('supervisor'),
  ])
  await call('PUT /api/openchannel/accounts/:id/agents', { params: account, body: { ids: [agent.id] } })
  const seen = await call('GET /api/openchannel/accounts/:id', { as: agent, params: { id: account.id } })
  expect(seen.body).toMatchObject({ id: account.id, canReply: true, replyUrl: '', agentIds: [agent.id] })
  expect(Object.keys(seen.body)).not.toEqual(expect.arrayContaining(['token']))
  expect(JSON.stringify(seen.body)).not.toMatch(/pbt_|secret|\/echo\//)
  for (const as of [stranger, supervisor]) {
    const answer = await call('GET /api/openchannel/accounts/:id', { as, params: { id: account.id } })
    expect(answer).toMatchObject({ status: 404, body: { code: 'GE-105' } })
    const list = await call('GET /api/openchannel/accounts', { as })
    expect(list.body).toMatchObject({ count: 0, rows: [] })
  }
})

test('a team that is added to an account brings its members', async () => {
  const account = await make()
  const agent = await server.makeUser('agent')
  const team = await ctx.db
    .insertInto('team')
    .values({ name: 'Night shift' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await ctx.db.insertInto('team_member').values({ team_id: team.id, user_id: agent.id }).execute()
  const params = { id: account.id }
  const { body } = await call('PUT /api/openchannel/accounts/:id/teams', { params, body: { ids: [team.id] } })
  expect(body.teamIds).toEqual([team.id])
  expect(await call('GET /api/openchannel/accounts/:id', { as: agent, params })).toMatchObject({
    status: 200,
  })
  await call('PUT /api/openchannel/accounts/:id/teams', { params, body: { ids: [] } })
  expect(await call('GET /api/openchannel/accounts/:id', { as: agent, params })).toMatchObject({
    status: 404,
  })
})

test('a key of an admin without the scope to administer reads no token', async () => {
  const account = await make()
  const [reader, all] = [
    await server.makeKey(server.admin, ['interactions:read']),
    await server.makeKey(server.admin, null),
  ]
  const read = (as: { headers: Record<string, string> }) =>
    call('GET /api/openchannel/accounts/:id', { as, params: { id: account.id } })
  expect((await read(reader)).body).not.toHaveProperty('token')
  expect((await read(all)).body).toHaveProperty('token')
})

test('only a key with accounts:secret, or an admin, is told the secret', async () => {
  const { id } = await make()
  const ask = async (as: { headers: Record<string, string> }) =>
    (await call('POST /api/openchannel/accounts/:id/secret', { as, params: { id }, body: {} })).status
  expect(await ask(await server.makeKey(server.admin, ['accounts:secret']))).toBe(200)
  expect(await ask(await server.makeKey(server.admin, ['attachments']))).toBe(403)
  expect(await ask(await server.makeUser('supervisor'))).toBe(403)
})

test('a change between reading and saving is refused, not overwritten', async () => {
  const { id, version } = await make()
  const save = (description: string) =>
    call('PATCH /api/openchannel/accounts/:id', { params: { id }, body: { description, version } })
  expect(await save('first')).toMatchObject({
    status: 200,
    body: { description: 'first', version: version + 1 },
  })
  expect(await save('second')).toMatchObject({ status: 409, body: { code: 'GE-104', version: version + 1 } })
  const [, changed] = await auditOf(id)
  expect(changed).toMatchObject({
    action: 'changed',
    user_id: server.admin.id,
    before: { description: '' },
    after: { description: 'first' },
  })
})

test('without a version the last change wins, and of two at once none is lost', async () => {
  const { id } = await make()
  const patch = (body: object) => call('PATCH /api/openchannel/accounts/:id', { params: { id }, body })
  await Promise.all([patch({ description: 'x' }), patch({ ratePerSecond: 7 }), patch({ name: 'Renamed' })])
  const { body } = await call('GET /api/openchannel/accounts/:id', { params: { id } })
  expect(body).toMatchObject({ description: 'x', ratePerSecond: 7, name: 'Renamed', version: 4 })
})

test.each([
  ['ftp://example.com/x'],
  ['example.com/reply'],
  ['https://user:pass@example.com/reply'],
  ['javascript:alert(1)'],
  ['https://'],
])('the Reply URL %s is refused', async (replyUrl) => {
  const answer = await call('POST /api/openchannel/accounts', { body: { name: 'x', replyUrl } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'AC-101', field: 'replyUrl' } })
})

test('the map key is a contact field or a custom field of the list', async () => {
  const other = await call('POST /api/lists', { body: { name: 'Other' } })
  const field = await call('POST /api/lists/:id/fields', {
    params: { id: other.body.id },
    body: { name: 'Plate' },
  })
  const mapKey = `cf_${field.body.id}`
  const answer = await call('POST /api/openchannel/accounts', { body: { name: 'x', mapKey: 'telephone' } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'mapKey' } })
  expect(await call('POST /api/openchannel/accounts', { body: { name: 'x', mapKey } })).toMatchObject({
    status: 400,
  })
  const made = await make({ mapKey, listId: other.body.id })
  expect(made.mapKey).toBe(mapKey)
  const moved = await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: made.id },
    body: { listId: (await make()).listId },
  })
  expect(moved).toMatchObject({ status: 400, body: { field: 'mapKey' } })
})

test('a list, user or team that does not exist is refused by name', async () => {
  const { id } = await make()
  expect(
    await call('POST /api/openchannel/accounts', { body: { name: 'x', listId: 999_999 } }),
  ).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'listId' } })
  for (const key of [
    'PUT /api/openchannel/accounts/:id/agents',
    'PUT /api/openchannel/accounts/:id/teams',
  ] as const)
    expect(await call(key, { params: { id }, body: { ids: [999_999] } })).toMatchObject({
      status: 400,
      body: { code: 'GE-101', field: 'ids' },
    })
})

test('the step of the actions that is at fault is named', async () => {
  const { id } = await make()
  const queue = await call('POST /api/openchannel/queues', { body: { name: 'Sales' } })
  const good = { type: 'queue', queueId: queue.body.id, timeoutSeconds: 30 }
  const put = (actions: unknown[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', { params: { id }, body: { actions } })
  const faults: [unknown, string][] = [
    [{ type: 'queue', queueId: 999_999 }, 'actions[1].queueId'],
    [{ type: 'queue' }, 'actions[1].queueId'],
    [{ type: 'queue', queueId: 'x' }, 'actions[1].queueId'],
    [{ type: 'dance' }, 'actions[1].type'],
    [{ ...good, timeoutSeconds: 0 }, 'actions[1].timeoutSeconds'],
    [{ ...good, speed: 1 }, 'actions[1].speed'],
    ['queue', 'actions[1].type'],
    [null, 'actions[1].type'],
  ]
  for (const [step, field] of faults)
    expect(await put([good, step]), JSON.stringify(step)).toMatchObject({
      status: 400,
      body: { code: 'AC-102', field },
    })
  expect(await put([good, { type: 'queue', queueId: queue.body.id, timeoutSeconds: null }])).toMatchObject({
    status: 200,
    body: { actions: [good, { type: 'queue', queueId: queue.body.id, timeoutSeconds: null }] },
  })
})

test('an account subscribes to events that exist, and to no other', async () => {
  const { id } = await make()
  const subscribe = (events: unknown) =>
    call('PATCH /api/openchannel/accounts/:id', {
      params: { id },
      body: { events: events as ['message.failed'] },
    })
  expect((await subscribe(['message.failed'])).body.events).toEqual(['message.failed'])
  expect((await subscribe(['message.read'])).status).toBe(400)
})

test('the old token ends at once when an admin says so, and the account tells until when it works', async () => {
  const { id, token = '' } = await make()
  const directory = openDirectory(ctx)
  await directory.ready
  const known = async (text: string) => {
    await directory.refresh()
    return directory
      .get(id)
      ?.tokenDigests()
      .some((digest) => digest.equals(sha256(text)))
  }
  const { body: rotated } = await call('POST /api/openchannel/accounts/:id/token', {
    params: { id },
    body: { overlapSeconds: 3600 },
  })
  expect(Date.parse(rotated.oldTokenUntil ?? '')).toBeGreaterThan(Date.now())
  expect(await known(token)).toBe(true)
  const { body: ended } = await call('DELETE /api/openchannel/accounts/:id/token/old', { params: { id } })
  expect(ended.oldTokenUntil).toBeNull()
  expect(await known(token)).toBe(false)
  expect(await known(rotated.token ?? '')).toBe(true)
  expect((await auditOf(id)).map(({ action }) => action)).toContain('old-token-ended')
  await directory.close()
})

test('after a rotation both tokens are known until the overlap ends', async () => {
  const { id, token: old = '' } = await make()
  const directory = openDirectory(ctx)
  await directory.ready
  const digests = () =>
    directory
      .get(id)
      ?.tokenDigests()
      .map((digest) => digest.toString('hex'))
  const rotate = async (overlapSeconds: number) => {
    const { body } = await call('POST /api/openchannel/accounts/:id/token', {
      params: { id },
      body: { overlapSeconds },
    })
    await directory.refresh()
    return body.token ?? ''
  }
  const [hex, fresh] = [(token: string) => sha256(token).toString('hex'), await rotate(3600)]
  expect(digests()).toEqual([hex(fresh), hex(old)])
  await ctx.db
    .updateTable('account')
    .set({ old_token_until: new Date(Date.now() - 1), version: 99 })
    .where('id', '=', id)
    .execute()
  await directory.refresh()
  expect(digests()).toEqual([hex(fresh)])
  const last = await rotate(0)
  expect(digests()).toEqual([hex(last)])
  await directory.close()
})

test('after a rotation the old secret signs beside the new one', async () => {
  const { id } = await make()
  const params = { id }
  const before = await call('POST /api/openchannel/accounts/:id/secret', { params, body: {} })
  const after = await call('POST /api/openchannel/accounts/:id/secret', { params, body: { rotate: true } })
  expect(after.body.secret).not.toBe(before.body.secret)
  const directory = openDirectory(ctx)
  await directory.ready
  expect(directory.get(id)?.secrets()).toEqual([after.body.secret, before.body.secret])
  await directory.close()
})

test('a deleted account is gone from every list, and its agents with it', async () => {
  const agent = await server.makeUser('agent')
  const { id } = await make()
  await call('PUT /api/openchannel/accounts/:id/agents', { params: { id }, body: { ids: [agent.id] } })
  const directory = openDirectory(ctx)
  await directory.ready
  expect(directory.get(id)).toBeDefined()
  expect(await call('DELETE /api/openchannel/accounts/:id', { params: { id } })).toMatchObject({
    status: 204,
  })
  await directory.refresh()
  expect(directory.get(id)).toBeUndefined()
  expect(await call('GET /api/openchannel/accounts/:id', { params: { id } })).toMatchObject({ status: 404 })
  expect(await call('DELETE /api/openchannel/accounts/:id', { params: { id } })).toMatchObject({
    status: 404,
  })
  const members = await ctx.db.selectFrom('account_member').selectAll().where('account_id', '=', id).execute()
  expect(members).toEqual([])
  await directory.close()
})

test('another node knows of a change when the doorbell rings', async () => {
  const { id } = await make()
  const node = await server.another()
  const directory = openDirectory(node.ctx)
  await directory.ready
  await call('PATCH /api/openchannel/accounts/:id', { params: { id }, body: { name: 'Heard' } })
  await expect.poll(() => directory.get(id)?.name, { timeout: 20_000 }).toBe('Heard')
  await directory.close()
})

test('accounts are listed by name, page by page, and found by a part of it', async () => {
  const names = ['alpha-x', 'Beta-x', 'gamma-x']
  for (const name of names.toReversed()) await make({ name })
  const page = (cursor?: string) =>
    call('GET /api/openchannel/accounts', { query: { search: '-X', limit: 2, ...(cursor && { cursor }) } })
  const first = await page()
  expect(first.body).toMatchObject({ count: 3, rows: [{ name: 'alpha-x' }, { name: 'Beta-x' }] })
  const second = await page(first.body.cursor ?? '')
  expect(second.body).toMatchObject({ count: 3, rows: [{ name: 'gamma-x' }], cursor: null })
  const odd = await call('GET /api/openchannel/accounts', { query: { search: '100%_\\' } })
  expect(odd.body).toMatchObject({ count: 0, rows: [] })
})

test('a name that is blank, too long or no text is refused', async () => {
  for (const name of ['', '  ', 'x'.repeat(201), 7, null])
    expect(await call('POST /api/openchannel/accounts', { body: { name } })).toMatchObject({
      status: 400,
      body: { code: 'GE-101', field: 'name' },
    })
})

test('text that PostgreSQL cannot keep is stored with replacement characters', async () => {
  const { description } = await make({ description: 'a\0b\ud800c' })
  expect(description).toBe('a\u2400b\ufffdc')
})

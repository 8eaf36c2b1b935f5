import { expect, test } from 'vitest'
import { startCentreDouble } from '../centre-testing.ts'
import { unbindAll } from '../flows/connect/bind.ts'
import { secret, startTraffic } from '../flows/testing.ts'
import * as integrations from '../integrations/integrations.ts'
import { askToReconnect } from '../integrations/traffic.ts'
import type { Person } from '../testing.ts'
import { actAs, auditChores } from './audit.ts'

const cloud = await startTraffic()
const { call, ctx } = cloud
const centre = await startCentreDouble()

const entries = async (as: Person, query: object = {}) =>
  (await call('GET /api/audit', { as, query })).body.rows

test('what its owner changes of an integration stands in the log, with what was before and from where, and no secret', async () => {
  const owner = await cloud.makeUser()
  const { id } = await cloud.bind({ user_id: owner.id })
  const params = { id }
  expect(
    (
      await call('PATCH /api/integrations/:id', {
        as: owner,
        params,
        body: { paused: true, wallFiles: true },
      })
    ).status,
  ).toBe(200)
  const target = { receiveUrl: centre.receiveUrl, apiKey: 'pbk_good' }
  expect((await call('PATCH /api/integrations/:id', { as: owner, params, body: target })).status).toBe(200)
  const [moved, changed, ...before] = await entries(owner, { integrationId: id })
  expect(changed).toMatchObject({
    objectName: 'Bakery',
    by: 'you',
    address: '127.0.0.1',
    action: 'changed',
    object: 'integration',
    objectId: id,
    before: { state: 'connected', state_reason: null, wall_files: false },
    after: { state: 'paused', state_reason: expect.stringMatching(/^[A-Z][^{]+\.$/), wall_files: true },
  })
  expect(moved?.after).toMatchObject({
    receive_url: centre.receiveUrl.split('?')[0],
    api_key_sealed: '[secret]',
  })
  expect(JSON.stringify(await entries(owner))).not.toMatch(new RegExp(`pbt_|pbk_|${secret}|token-of`))
  expect(before.at(-1)).toMatchObject({ action: 'created', before: null, after: { state: 'connected' } })
  await call('DELETE /api/integrations/:id', { as: owner, params })
  expect((await entries(owner))[0]).toMatchObject({
    by: 'you',
    action: 'deleted',
    objectId: id,
    objectName: 'Bakery',
    after: null,
  })
})

test('what the cloud, Facebook or the operator does to an integration stands there as the program’s', async () => {
  const owner = await cloud.makeUser()
  const { id } = await cloud.bind({ user_id: owner.id })
  await askToReconnect(ctx, { id, page_token_sealed: null }, 'The token is dead.')
  await ctx.pool.query('update integration set comment_depth = 0 where id = $1', [id])
  expect(await entries(owner, { integrationId: id, limit: 2 })).toMatchObject([
    { by: 'program', address: null, after: { comment_depth: 0 } },
    { by: 'program', after: { state: 'reconnect', state_reason: 'The token is dead.' } },
  ])
})

test('an owner whose page somebody else connects sees that, and not who', async () => {
  const [older, newer] = [await cloud.makeUser(), await cloud.makeUser()]
  const { id, pageId } = await cloud.bind({ user_id: older.id })
  await ctx.db.transaction().execute(async (tx) => {
    await actAs(tx, { user: newer, address: '203.0.113.7' })
    await integrations.replaceOthers(tx, 'facebook', pageId)
  })
  const [entry] = await entries(older, { integrationId: id })
  expect(entry).toMatchObject({ by: 'somebody', address: null, after: { state: 'replaced' } })
  expect(await entries(newer)).toMatchObject([
    { action: 'signed-in' },
    { action: 'created', object: 'app_user' },
  ])
})

test('traffic alone leaves no trace in the log, so that it costs messages nothing', async () => {
  const owner = await cloud.makeUser()
  const { id, pageId } = await cloud.bind({ user_id: owner.id })
  const before = (await entries(owner)).length
  await cloud.messaging(pageId, { message: { mid: 'm_quiet', text: 'Hello' } })
  const forwarded = async () =>
    (await ctx.pool.query('select 1 from integration where id = $1 and last_forwarded_at is not null', [id]))
      .rowCount
  await expect.poll(forwarded, { timeout: 30_000 }).toBe(1)
  expect(await entries(owner)).toHaveLength(before)
})

test('signing in, a new password, and leaving are written down, the password itself in no form', async () => {
  const password = 'a password long enough'
  const person = await cloud.makeUser({ password })
  await call('POST /api/me/password', {
    as: person,
    body: { currentPassword: password, password: 'quite another password' },
  })
  await call('PATCH /api/me', { as: person, body: { locale: 'it' } })
  expect(await entries(person)).toMatchObject([
    { by: 'you', after: { locale: 'it' }, before: { locale: 'en' } },
    { by: 'you', after: { password_hash: '[secret]' }, object: 'app_user' },
    { by: 'you', action: 'signed-in', address: '127.0.0.1' },
    { action: 'created' },
  ])
  await unbindAll(ctx, { user: person, address: '127.0.0.1' })
  await call('DELETE /api/me', { as: person, body: { password: 'quite another password' } })
  const { rows } = await ctx.pool.query(
    `select user_id::int, action from audit_entry where object = 'app_user' and object_id = $1 order by id desc limit 1`,
    [person.id],
  )
  expect(rows).toEqual([{ user_id: person.id, action: 'deleted' }])
})

test('nobody changes what was written, and pages of it follow each other', async () => {
  await expect(ctx.pool.query('update audit_entry set action = action')).rejects.toThrow('append-only')
  await expect(ctx.pool.query('delete from audit_entry')).rejects.toThrow('keeps what is not old enough')
  const owner = await cloud.makeUser()
  await cloud.bind({ user_id: owner.id })
  const all = (await entries(owner)).map(({ id }) => id)
  const seen: number[] = []
  let before: number | null | undefined
  let asked = 0
  do {
    asked += 1
    const { body } = await call('GET /api/audit', {
      as: owner,
      query: { limit: 2, ...(before && { before }) },
    })
    seen.push(...body.rows.map(({ id }) => id))
    before = body.before
  } while (before)
  expect(seen).toEqual(all)
  expect(asked).toBe(Math.ceil(all.length / 2))
})

test('entries go after the days that the operator keeps them, and none before, whoever asks', async () => {
  const days = ctx.config.auditDays
  const put = async (age: number) =>
    (
      await ctx.pool.query(
        `insert into audit_entry (at, action, object) values (now() - make_interval(days => $1), 'changed', 'test') returning id`,
        [age],
      )
    ).rows[0].id
  const [old, young] = [await put(days + 1), await put(days - 1)]
  await auditChores(ctx)['forget-audit']?.run({}, new AbortController().signal, { isLast: true })
  const left = await ctx.pool.query(`select id from audit_entry where object = 'test'`)
  expect(left.rows).toEqual([{ id: young }])
  expect(old).not.toBe(young)
  // Not even by somebody who names fewer days than a month.
  await expect(
    ctx.pool.query(
      `do $$ begin perform set_config('patchbay.audit_days', '1', true); delete from audit_entry where object = 'test'; end $$`,
    ),
  ).rejects.toThrow('keeps what is not old enough')
})

/** The trees of dispositions: made, moved, and deleted with what stands below. */
import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'

const server = await startTestServer()
const { call, receive, ctx } = server

async function make(name: string, place: object = {}): Promise<number> {
  const { status, body } = await call('POST /api/dispositions', { body: { name, ...place } })
  expect(status, body.detail).toBe(201)
  return body.id
}
const change = (id: number, body: object) => call('PATCH /api/dispositions/:id', { params: { id }, body })
const paths = async (query: object = {}) =>
  (await call('GET /api/dispositions', { query })).body.rows.map(({ path }) => path)

test('a disposition is made, renamed and moved with what stands below it, and keeps its order', async () => {
  const sales = await make('Sales')
  const won = await make('Won', { parentId: sales })
  await make('By price', { parentId: won })
  const lost = await make('Lost', { parentId: sales })
  const spam = await make('Spam')
  expect(await paths()).toEqual(['Sales', 'Sales / Won', 'Sales / Won / By price', 'Sales / Lost', 'Spam'])

  await change(lost, { position: 0 })
  await change(spam, { name: 'Junk', position: 0 })
  expect(await paths()).toEqual(['Junk', 'Sales', 'Sales / Lost', 'Sales / Won', 'Sales / Won / By price'])
  expect((await change(won, { parentId: null })).body).toMatchObject({ level: 1, path: 'Won', position: 2 })
  expect(await paths()).toEqual(['Junk', 'Sales', 'Sales / Lost', 'Won', 'Won / By price'])
  await change(won, { parentId: spam })
  expect(await paths()).toEqual(['Junk', 'Junk / Won', 'Junk / Won / By price', 'Sales', 'Sales / Lost'])
  // As before, for the tests below.
  await change(won, { parentId: sales })
})

test('no more than three levels, no circle, one scope, and no name twice in a place', async () => {
  const [sales, won, price] = await Promise.all(
    ['Sales', 'Sales / Won', 'Sales / Won / By price'].map(async (path) => {
      const { body } = await call('GET /api/dispositions')
      return body.rows.find((row) => row.path === path)?.id ?? 0
    }),
  )
  const refused = { status: 400, code: 'DI-101' }
  expect((await call('POST /api/dispositions', { body: { name: 'x', parentId: price } })).body).toMatchObject(
    refused,
  )
  const deep = await make('Deep')
  await make('Deeper', { parentId: deep })
  expect((await change(deep, { parentId: won })).body).toMatchObject(refused)
  expect((await change(sales ?? 0, { parentId: price })).body).toMatchObject(refused)
  expect((await change(sales ?? 0, { parentId: sales })).body).toMatchObject(refused)
  expect((await change(won ?? 0, { queueId: 1 })).body.code).toMatch(/DI-101|GE-101/)
  const account = await server.makeAccount()
  const { body: list } = await call('GET /api/lists')
  expect(
    (
      await call('POST /api/dispositions', {
        body: { name: 'x', accountId: account.id, listId: list.rows[0]?.id },
      })
    ).body,
  ).toMatchObject(refused)
  expect((await call('POST /api/dispositions', { body: { name: 'x', accountId: 999_999 } })).body.code).toBe(
    'GE-101',
  )
  expect((await call('POST /api/dispositions', { body: { name: ' sales ' } })).body.code).toBe('GE-102')
  await make('Sales', { accountId: account.id })
  expect(await paths({ scope: 'account' })).toEqual(['Sales'])
  expect(await paths({ accountId: account.id })).toEqual(['Sales'])
  expect(await paths({ scope: 'global' })).not.toEqual(await paths())
})

test('deleting takes what stands below, says before how often it is used, and leaves the words of the past', async () => {
  const account = await server.makeAccount()
  const root = await make('Order')
  const below = await make('Late', { parentId: root })
  const { body } = await receive(account, { mapKey: 'phone', from: '+391', body: 'Hello' })
  const id = body.interaction?.id ?? 0
  await call('POST /api/openchannel/interactions/:id/close', { params: { id }, body: { disposition: below } })

  const uses = await call('GET /api/dispositions/:id/uses', { params: { id: root } })
  expect(uses.body).toEqual({ below: 1, interactions: 1, accounts: [] })
  expect((await call('DELETE /api/dispositions/:id', { params: { id: root } })).status).toBe(204)
  expect((await paths()).filter((path) => path.startsWith('Order'))).toEqual([])
  const after = await call('GET /api/openchannel/interactions/:id', { params: { id } })
  expect(after.body.disposition).toBe('Order / Late')
})

test('with a replacement the past counts with it, and the actions of accounts close with it; without, those refuse', async () => {
  const old = await make('Old')
  const below = await make('Older', { parentId: old })
  const replacement = await make('New')
  const account = await server.makeAccount({ name: 'Closes' })
  const { body } = await receive(account, { mapKey: 'phone', from: '+392', body: 'Hello' })
  const id = body.interaction?.id ?? 0
  await call('POST /api/openchannel/interactions/:id/close', {
    params: { id },
    body: { disposition: 'Older' },
  })
  const steps = [
    { type: 'close', dispositionId: below },
    { type: 'close', dispositionId: null },
  ]
  await ctx.db
    .updateTable('account')
    .set({ actions: JSON.stringify(steps) })
    .where('id', '=', account.id)
    .execute()

  expect((await call('GET /api/dispositions/:id/uses', { params: { id: old } })).body.accounts).toEqual([
    'Closes',
  ])
  const remove = (query: object) => call('DELETE /api/dispositions/:id', { params: { id: old }, query })
  expect((await remove({})).body).toMatchObject({
    status: 409,
    code: 'GE-103',
    uses: [{ place: 'flow', name: 'Closes' }],
  })
  expect((await remove({ replaceBy: below })).body).toMatchObject({ code: 'GE-101', field: 'replaceBy' })
  expect((await remove({ replaceBy: 999_999 })).body).toMatchObject({ code: 'GE-101', field: 'replaceBy' })
  expect((await remove({ replaceBy: replacement })).status).toBe(204)

  const row = await ctx.db
    .selectFrom('account')
    .select('actions')
    .where('id', '=', account.id)
    .executeTakeFirst()
  expect(row?.actions).toEqual([
    { type: 'close', dispositionId: replacement },
    { type: 'close', dispositionId: null },
  ])
  await expect
    .poll(() => call('GET /api/openchannel/interactions/:id', { params: { id } }).then((it) => it.body), {
      timeout: 30_000,
    })
    .toMatchObject({ disposition: 'Old / Older', dispositionId: replacement })
})

test('changes that come at once leave a tree whose order has no gap and no double', async () => {
  const parentId = await make('Busy')
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => make(name, { parentId })))
  await Promise.all(ids.map((id, index) => change(id, { position: (index * 5) % 6 })))
  const { body } = await call('GET /api/dispositions', { query: { limit: 200 } })
  const positions = body.rows.filter((row) => row.parentId === parentId).map(({ position }) => position)
  expect(positions).toEqual([0, 1, 2, 3, 4, 5])
})

/** A message that brings another name of its customer: all interactions of the contact are told, and by a message that does not, none. */
import { expect, test, vi } from 'vitest'
import { type Person, startTestServer, type TestAccount } from '../../testing.ts'
import { createDesk, fetchRows } from '../desk/testing.ts'
import { send } from './receive-testing.ts'

const server = await startTestServer()
const another = await server.another()
const { call, ctx } = server
const patience = { timeout: 30_000, interval: 20 }
let count = 0

async function office(
  updateRule = 'overwrite',
): Promise<{ account: TestAccount; agent: Person; from: string }> {
  const agent = await server.makeUser()
  const account = await server.makeAccount({ agents: [agent] })
  await call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body: { updateRule } })
  return { account, agent, from: `+39 ${++count}` }
}
async function write(account: TestAccount, message: object): Promise<number> {
  const { body } = await send(account, { mapKey: 'phone', body: 'Hello', ...message })
  return body.interaction.id
}
const changesOf = async (id: number) =>
  (
    await ctx.db
      .selectFrom('event')
      .select(['type', 'seq', 'data'])
      .where('interaction_id', '=', id)
      .orderBy('seq')
      .execute()
  ).filter(({ type }) => type === 'changed')

test('the other interactions of the contact, open or closed, bear the new name on every desk at once, as whoever fetches them reads it', async () => {
  const { account, agent, from } = await office()
  const other = await server.makeAccount({ agents: [agent] })
  const [post, order] = [
    await write(account, { from, firstName: 'Ada', threadId: 'post' }),
    await write(account, { from, firstName: 'Ada', threadId: 'order' }),
  ]
  const elsewhere = await write(other, { from })
  const closed = await write(account, { from, threadId: 'closed' })
  await call('PUT /api/openchannel/interactions/:id', { params: { id: closed }, body: { closed: true } })
  const [desk, far] = [createDesk(server, agent), createDesk(another, agent)]
  await Promise.all([desk.connect(), far.connect(another)])
  await desk.open(order)
  await write(account, { from, firstName: 'Ada', lastName: 'Lovelace', threadId: 'post' })
  for (const id of [post, order, elsewhere, closed])
    for (const one of [desk, far])
      await vi.waitFor(() => expect(one.state.rows.get(id)?.contact.name).toBe('Ada Lovelace'), patience)
  await vi.waitFor(
    () =>
      expect(desk.state.threads.get(order)?.items.at(-1)).toMatchObject({
        type: 'changed',
        data: { what: 'contact' },
      }),
    patience,
  )
  const fetched = await fetchRows(server, agent)
  for (const id of [post, order, elsewhere, closed])
    expect(desk.state.rows.get(id)).toEqual(fetched.find((row) => row.id === id))
})

test('a message with the name that is known, or with another field alone, writes nothing into other interactions', async () => {
  const { account, from } = await office()
  const ids = [
    await write(account, { from, firstName: 'Ada', threadId: 'post' }),
    await write(account, { from, firstName: 'Ada', threadId: 'order' }),
  ]
  await write(account, { from, firstName: 'Ada', threadId: 'post' })
  await write(account, { from, firstName: 'Ada', email: 'ada@example.com', threadId: 'post' })
  for (const id of ids) expect(await changesOf(id)).toEqual([])
  // The other way round: one that brings a name is written.
  await write(account, { from, firstName: 'Augusta', threadId: 'post' })
  for (const id of ids)
    expect(await changesOf(id)).toMatchObject([{ data: { what: 'contact', fields: 'firstName' } }])
})

test('an account that never takes names tells nobody', async () => {
  const never = await office('never')
  const kept = await write(never.account, { from: never.from, firstName: 'Ada' })
  await write(never.account, { from: never.from, firstName: 'Augusta', threadId: 'other' })
  expect(await changesOf(kept)).toEqual([])
})

test('an interaction that is held at that moment is not waited for, and its desk is told all the same', async () => {
  const { account, agent, from } = await office()
  const order = await write(account, { from, firstName: 'Ada', threadId: 'order' })
  const desk = createDesk(server, agent)
  await desk.connect()
  const [isHeld, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = ctx.db.transaction().execute(async (tx) => {
    await tx.selectFrom('interaction').select('id').where('id', '=', order).forUpdate().execute()
    isHeld.resolve()
    await release.promise
  })
  await isHeld.promise
  await write(account, { from, firstName: 'Augusta', threadId: 'post' })
  await vi.waitFor(() => expect(desk.state.rows.get(order)?.contact.name).toBe('Augusta'), patience)
  release.resolve()
  await holding
  expect(await changesOf(order)).toEqual([])
})

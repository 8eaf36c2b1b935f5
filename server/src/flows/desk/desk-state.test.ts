import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Person, startTestServer, type TestAccount, type TestNode } from '../../testing.ts'
import { createDesk, type Desk, fetchRows, fetchThread } from './testing.ts'

const server = await startTestServer()
const nodes = [server, await server.another()]

/** Two accounts, three agents: one of each account, one of both. */
async function office() {
  const people = await Promise.all([server.makeUser(), server.makeUser(), server.makeUser()])
  const [north, south, both] = people as [Person, Person, Person]
  const replyUrl = 'http://127.0.0.1:9/'
  const accounts = [
    await server.makeAccount({ agents: [north, both], replyUrl }),
    await server.makeAccount({ agents: [south, both], replyUrl }),
  ]
  const tags = await Promise.all(
    ['vip', 'late'].map(async (name) => {
      const { body } = await server.call('POST /api/tags', { body: { name: `${name} ${north.id}` } })
      return body.id
    }),
  )
  const desks = people.map((person) => ({ person, desk: createDesk(server, person), isConnected: false }))
  return { accounts, desks, tags, ids: new Set<number>() }
}
type Office = Awaited<ReturnType<typeof office>>

const who = fc.nat({ max: 2 })
const which = fc.nat({ max: 20 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      account: fc.nat({ max: 1 }),
      from: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('answer' as const), who, which, secret: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('accept', 'close', 'reopen', 'read', 'open', 'hide'),
      who,
      which,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tag' as const), who, which, tags: fc.subarray([0, 1]) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cut', 'connect'), who, node: fc.nat({ max: 1 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function run(step: Step, { accounts, desks, tags, ids }: Office): Promise<void> {
  if (step.do === 'write') {
    const account = accounts[step.account] as TestAccount
    const message = { from: `+39${step.from}`, mapKey: 'phone', body: `message ${Math.random()}` }
    const { body } = await server.receive(account, message)
    ids.add(body.interaction?.id ?? 0)
    return
  }
  const one = desks[step.who]
  const id = 'which' in step ? [...ids][step.which % Math.max(1, ids.size)] : 0
  if (!one || id === undefined) return
  const as = one.person
  const params = { id }
  switch (step.do) {
    case 'answer':
      await server.call('POST /api/openchannel/messages', {
        as,
        body: { body: `answer ${Math.random()}`, OpenchannelInteractionId: id, secret: step.secret },
      })
      return
    case 'accept':
    case 'reopen':
      await server.call(`POST /api/openchannel/interactions/:id/${step.do}`, { as, params })
      return
    case 'close':
      await server.call('POST /api/openchannel/interactions/:id/close', { as, params, body: {} })
      return
    case 'read':
      await server.call('POST /api/openchannel/interactions/:id/read', { as, params, body: { seq: 1000 } })
      return
    case 'tag':
      await server.call('POST /api/openchannel/interactions/:id/tags', {
        as,
        params,
        body: { ids: 'tags' in step ? step.tags.map((tag) => tags[tag]) : [] },
      })
      return
    case 'open':
      await one.desk.open(id)
      return
    case 'hide':
      if (one.isConnected) one.desk.hide(id)
      return
    case 'cut':
      if (one.isConnected) await one.desk.cut()
      one.isConnected = false
      return
    case 'connect':
      if (!one.isConnected) await one.desk.connect(nodes['node' in step ? step.node : 0])
      one.isConnected = true
  }
}

async function expectTruth(desk: Desk, person: Person, node: TestNode): Promise<void> {
  const fetched = await fetchRows(node, person)
  expect([...desk.state.rows.values()].sort((a, b) => a.id - b.id)).toEqual(
    fetched.sort((a, b) => a.id - b.id),
  )
  for (const [id, thread] of desk.state.threads) {
    const { interaction, ...page } = (await fetchThread(node, person, id)) ?? { interaction: undefined }
    expect({ items: thread.items, seq: thread.seq, gap: thread.gap }).toEqual({
      items: 'items' in page ? page.items : [],
      seq: 'seq' in page ? page.seq : 0,
      gap: false,
    })
  }
  const { body } = await node.call('GET /api/openchannel/inbox', { as: person, query: { view: 'mine' } })
  expect(desk.state.counts).toEqual(body.counts)
}

test('whatever agents and customers do and however connections break, a desk ends with what a fetch would show', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }), async (steps) => {
      const all = await office()
      for (const from of [0, 1]) await run({ do: 'write', account: from, from }, all)
      for (const who of [0, 1, 2]) await run({ do: 'connect', who, node: who % 2 }, all)
      for (const step of steps) await run(step, all)
      for (const one of all.desks) if (!one.isConnected) await one.desk.connect()
      for (const { desk, person } of all.desks) {
        await vi.waitFor(() => expectTruth(desk, person, server), { timeout: 5_000, interval: 50 })
        await desk.cut()
      }
    }),
    { numRuns: 8, endOnFailure: true },
  )
}, 60_000)

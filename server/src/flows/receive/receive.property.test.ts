/** However messages meet, on one node or several: every one is stored once, contacts and interactions are those of a plain model. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startTestServer, type TestAccount } from '../../testing.ts'
import { post } from './receive-testing.ts'

const server = await startTestServer()
const nodes = [server.url, (await server.another()).url]
const { pool } = server.ctx

async function makeAccount(): Promise<TestAccount> {
  const account = await server.makeAccount()
  const body = { ratePerSecond: 1_000_000, rateBurst: 1_000_000 }
  await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body })
  return account
}

function on(node: number, { receiveUrl }: TestAccount): string {
  const url = new URL(receiveUrl)
  return new URL(`${url.pathname}${url.search}`, nodes[node % nodes.length]).href
}

interface Log {
  id: number
  contact_id: number
  thread_id: string
  seq: number
  unread: number
  closed: boolean
  /** In order of seq. */
  bodies: string[]
  seqs: number[]
  types: string[]
}

async function interactions(account: TestAccount): Promise<Log[]> {
  const { rows } = await pool.query<Log>(
    `select i.id, contact_id, thread_id, i.seq, unread, closed_at is not null as closed,
       array(select body from message m where m.interaction_id = i.id order by seq) as bodies,
       array(select seq from interaction_log e where e.interaction_id = i.id order by seq)::int[] as seqs,
       array(select type from interaction_log e where e.interaction_id = i.id order by seq) as types
     from interaction i where account_id = $1 order by i.id`,
    [account.id],
  )
  return rows
}

test('20 new customers, 8 messages each, all at once on two nodes: 160 messages, 20 contacts, 20 interactions', async () => {
  const account = await makeAccount()
  // Nodes learn of a new account by the doorbell.
  await expect.poll(async () => (await fetch(on(1, account))).status).toBe(200)
  const answers = await Promise.all(
    Array.from({ length: 160 }, (_, i) => {
      const body = { from: `burst-${i % 20}`, mapKey: 'facebook', body: `${i}` }
      return post(on(i, account), { body })
    }),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ body }) => body.message.id)).size).toBe(160)
  expect(new Set(answers.map(({ body }) => body.contact.id)).size).toBe(20)
  expect(new Set(answers.map(({ body }) => body.interaction.id)).size).toBe(20)
  const { rows } = await pool.query(`select count(*) from contact where facebook like 'burst-%'`)
  expect(rows[0].count).toBe(20)
  const logs = await interactions(account)
  expect(logs).toHaveLength(20)
  for (const log of logs) {
    expect(log.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(log.types).toEqual(['opened', ...Array(8).fill('message')])
    expect(log).toMatchObject({ seq: 9, unread: 8 })
    expect(log.bodies).toHaveLength(8)
  }
})

// Messages of one step are posted at the same time. One with an id is a function of it, as a sender's repetition is.
const message = fc.record({
  customer: fc.nat({ max: 3 }),
  mapKey: fc.constantFrom('phone', 'facebook', 'email'),
  thread: fc.constantFrom('', 't1', 't2'),
  id: fc.option(fc.nat({ max: 5 }), { freq: 2 }),
  node: fc.nat({ max: 1 }),
})
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ messages: fc.array(message, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ close: fc.nat({ max: 20 }) }) },
)

function fieldsOf(run: string, { customer, mapKey, thread, id }: Message): Record<string, string> {
  const who = id === null ? customer : id % 4
  return {
    from: `${run}-${mapKey}-${who}`,
    mapKey: id === null ? mapKey : 'phone',
    threadId: id === null ? thread : '',
    ...(id !== null && { from: `${run}-phone-${who}`, messageId: `${id}` }),
  }
}

let runs = 0

test('random programs of simultaneous messages, repetitions and closings give what a plain model gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (program) => {
      const run = `run${++runs}`
      const account = await makeAccount()
      await expect.poll(async () => (await fetch(on(1, account))).status, { interval: 5 }).toBe(200)
      // By contact and thread: the bodies of each of its interactions, the last one open unless it was closed.
      const model = new Map<string, { bodies: string[]; closed: boolean }[]>()
      const ids = new Map<string, { message: number; body: string }>()
      let written = 0

      for (const one of program) {
        if ('close' in one) {
          const open = (await interactions(account)).filter(({ closed }) => !closed)
          const target = open[one.close % Math.max(1, open.length)]
          if (!target) continue
          const params = { id: target.id }
          await server.call('POST /api/openchannel/interactions/:id/close', { params, body: {} })
          for (const list of model.values())
            for (const entry of list)
              if (!entry.closed && entry.bodies.some((body) => target.bodies.includes(body)))
                entry.closed = true
          continue
        }
        const sent = one.messages.map((each) => {
          const fields = fieldsOf(run, each)
          const body = fields.messageId ? `id ${fields.messageId}` : `text ${++written}`
          return { node: each.node, fields: { ...fields, body } as Record<string, string> }
        })
        const answers = await Promise.all(
          sent.map(({ node, fields }) => post(on(node, account), { body: fields })),
        )
        for (const [index, answer] of answers.entries()) {
          expect(answer.status).toBe(200)
          const { from, mapKey, threadId, messageId, body = '' } = sent[index]?.fields ?? {}
          const first = messageId === undefined ? undefined : ids.get(messageId)
          if (first) {
            expect(answer.body.message.id).toBe(first.message)
            continue
          }
          if (messageId !== undefined) ids.set(messageId, { message: answer.body.message.id, body })
          const key = `${mapKey} ${from} ${threadId}`
          const list = model.get(key) ?? []
          model.set(key, list)
          const last = list.at(-1)
          if (last && !last.closed) last.bodies.push(body)
          else list.push({ bodies: [body], closed: false })
        }
      }

      const logs = await interactions(account)
      const expected = [...model.values()]
        .flat()
        .map(({ bodies, closed }) => ({ bodies: bodies.sort(), closed }))
      const actual = logs.map(({ bodies, closed }) => ({ bodies: [...bodies].sort(), closed }))
      const order = (a: { bodies: string[] }, b: { bodies: string[] }): number =>
        a.bodies.join().localeCompare(b.bodies.join())
      expect(actual.sort(order)).toEqual(expected.sort(order))
      for (const log of logs) {
        expect(log.seqs).toEqual(Array.from({ length: log.seq }, (_, i) => i + 1))
        expect(log.types.filter((type) => type === 'message')).toHaveLength(log.bodies.length)
        if (!log.closed) expect(log.unread).toBe(log.bodies.length)
      }
      const customers = new Set([...model.keys()].map((key) => key.split(' ').slice(0, 2).join(' ')))
      expect(new Set(logs.map(({ contact_id }) => contact_id)).size).toBe(customers.size)
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('whatever a sender writes is stored or refused, and never our mistake', async () => {
  const account = await makeAccount()
  const names =
    'from body mapKey AttachmentId threadId externalUrl to name messageId timestamp firstName phone email tags cf_1'
  const value = fc.oneof(
    fc.jsonValue({ noUnicodeString: false }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\0',
      '\ud800',
      '{',
      "'",
      '\\',
      '"',
      'NaN',
      '1e999',
      '2026-13-45',
      '__proto__',
      1e308,
      -0,
    ),
  )
  const wild = fc.record({
    known: fc.dictionary(fc.constantFrom(...names.split(' ')), value),
    unknown: fc.dictionary(fc.string({ unit: 'binary', maxLength: 20 }), value, { maxKeys: 3 }),
    // Half of them have what is mandatory, so that the rest gets as far as the database.
    mandatory: fc.option(
      fc.record({ from: value, body: value, mapKey: fc.constantFrom('phone', 'tags', 'email') }),
    ),
  })
  let stored = 0
  await fc.assert(
    fc.asyncProperty(fc.array(wild, { minLength: 1, maxLength: 8 }), async (bodies) => {
      const answers = await Promise.all(
        bodies.map(({ known, unknown, mandatory }) => {
          const body = JSON.stringify({ ...unknown, ...known, ...mandatory })
          return post(account.receiveUrl, { body, type: 'application/json' })
        }),
      )
      for (const { status, body } of answers) expect(status, JSON.stringify(body)).toBeOneOf([200, 400, 409])
      stored += answers.filter(({ status }) => status === 200).length
    }),
    { numRuns: 150 },
  )
  expect(stored).toBeGreaterThan(20)
})

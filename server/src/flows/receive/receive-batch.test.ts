/** Batches: a row that the database refuses fails alone, and overload and outages are told politely. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import type { Row } from './receive.sql.ts'
import { batchLimits, openBatches } from './receive-batch.ts'
import { account, batchTesting, codeOf, codes, row, rules, slowly } from './receive-batch-testing.ts'
import { readMessage } from './receive-fields.ts'

const server = await startTestServer()
const { pool } = server.ctx
const { bodies, whileBlocked, endBlocked, watch } = batchTesting(server)

describe('a poison row', () => {
  // Everything known is normalised before the batch, so the database is taught to dislike more.
  beforeAll(() =>
    pool.query(`
      create function dislike() returns trigger language plpgsql as $$
      begin
        if new.body like '%poison%' then perform 'x'::int; end if;
        if new.body like '%bug%' then raise exception 'no'; end if;
        return new;
      end $$;
      create trigger dislike before insert on message for each row execute function dislike()`),
  )
  afterAll(() => pool.query('drop trigger dislike on message; drop function dislike'))

  test('fails alone, wherever it stands, and its neighbours are stored once', async () => {
    const batches = openBatches(server.ctx)
    const rows = Array.from({ length: 60 }, (_, i) =>
      row(`a${i}`, `a${i}${[0, 17, 18, 59].includes(i) ? ' poison' : ''}`),
    )
    const results = codes(await Promise.allSettled(rows.map((one) => batches.store(one))))
    expect(results.filter((result) => result === 'OC-115')).toHaveLength(4)
    expect(results.filter((result) => result === 'stored')).toHaveLength(56)
    const stored = await bodies('a')
    expect(stored).toHaveLength(56)
    expect(stored.some((body) => body.includes('poison'))).toBe(false)
    await batches.close()
  })

  test('leaves no contact behind', async () => {
    const batches = openBatches(server.ctx)
    await expect(batches.store(row('lonely', 'poison'))).rejects.toMatchObject({
      code: 'OC-115',
      status: 400,
    })
    const { rows } = await pool.query(`select 1 from contact where phone = 'lonely'`)
    expect(rows).toEqual([])
    await batches.close()
  })

  test('that is our mistake is told as one, and hurts nobody else', async () => {
    const batches = openBatches(server.ctx)
    const results = await Promise.allSettled(
      [row('b1', 'b1'), row('b2', 'b2 bug')].map((one) => batches.store(one)),
    )
    expect(codes(results)).toEqual(['stored', 'bug'])
    await batches.close()
  })

  test('is nothing to the batch that was sent behind its own', async () => {
    const { ctx, seen } = watch()
    const batches = openBatches(ctx, slowly)
    const stored = await whileBlocked(async () => {
      const first = ['n1', 'n2 poison'].map((body) => batches.store(row(body, body)))
      await expect.poll(() => seen.sent).toBe(1)
      await sleep(700)
      const next = ['n3', 'n4'].map((body) => batches.store(row(body, body)))
      expect(seen).toEqual({ sent: 2, connections: 1 })
      return [...first, ...next]
    })
    expect(codes(await Promise.allSettled(stored))).toEqual(['stored', 'OC-115', 'stored', 'stored'])
    expect(await bodies('n')).toEqual(['n1', 'n3', 'n4'])
    await batches.close()
  })
})

describe('customers who write for the first time in one batch', () => {
  const [asOne, oneByOne] = [101, 102]
  beforeAll(() =>
    pool.query(
      `insert into list (id, name) overriding system value values (${asOne}, 'As one'), (${oneByOne}, 'One by one')`,
    ),
  )

  /** What there is of a list, in whichever order it was made. */
  async function contactsOf(listId: number): Promise<object[]> {
    const { rows } = await pool.query(
      `select first_name, phone, email, mobile, (
         select array_agg(concat_ws(' ', field, value, claimed) order by field, value) from contact_key where contact_id = contact.id) as keys
       from contact where list_id = $1 order by first_name, phone`,
      [listId],
    )
    return rows
  }

  test.each([
    [
      'who all come by one field',
      ['Ann@shop.test', 'bob@shop.test', 'ANN@shop.test', 'cy', 'bob@shop.test'].map((from) => [
        'email',
        from,
      ]),
      3,
    ],
    [
      'who come by several fields',
      [
        ['mobile', '+39 340 1'],
        ['phone', '+39 340 1'],
        ['firstName', 'Dora'],
        ['email', 'dora@shop.test'],
        ['phone', 'Dora'],
        ['phone', '+39 (340) 2'],
      ],
      4,
    ],
  ])('%s are the contacts that they would be if each came alone', async (_name, customers, contacts) => {
    const batches = openBatches(server.ctx)
    const waiting = [
      row('holds the batch up', 'new'),
      ...customers.map(([field, from]) => row(from ?? '', 'new', field, asOne)),
    ]
    await Promise.all(waiting.map((one) => batches.store(one)))
    for (const [field, from] of customers) await batches.store(row(from ?? '', 'new', field, oneByOne))
    const made = await contactsOf(asOne)
    expect(made).toEqual(await contactsOf(oneByOne))
    expect(made).toHaveLength(contacts)
    await pool.query('delete from contact where list_id = any($1)', [[asOne, oneByOne]])
    await batches.close()
  })
})

describe('overload', () => {
  test('beyond the number that may wait is refused with Retry-After, and those that wait are stored', async () => {
    const batches = openBatches(server.ctx, { ...batchLimits, rows: 2, connections: 1, waitingRows: 3 })
    const waiting: Promise<unknown>[] = []
    const refused = await whileBlocked(async () => {
      // Two are under way, three wait.
      for (let i = 0; i < 2; i++) waiting.push(batches.store(row(`c${i}`, `c${i}`)))
      await sleep(50)
      for (let i = 2; i < 5; i++) waiting.push(batches.store(row(`c${i}`, `c${i}`)))
      return Promise.allSettled([5, 6].map((i) => batches.store(row(`c${i}`, `c${i}`))))
    })
    expect(codes(refused)).toEqual(['OC-110', 'OC-110'])
    expect((refused[0] as PromiseRejectedResult).reason.headers).toEqual({ 'retry-after': '1' })
    await Promise.all(waiting)
    expect(await bodies('c')).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
    await batches.close()
  })

  test('beyond the bytes that may wait, and when the oldest waits too long, is refused as well', async () => {
    const limits = { ...batchLimits, rows: 1, connections: 1 }
    for (const [name, tight] of [
      ['d', { waitingBytes: 1000 }],
      ['e', { waitingMs: 30 }],
    ] as const) {
      const batches = openBatches(server.ctx, { ...limits, ...tight })
      const waiting: Promise<unknown>[] = []
      const refused = await whileBlocked(async () => {
        waiting.push(batches.store(row(`${name}0`, `${name}0`)))
        await sleep(50)
        waiting.push(batches.store(row(`${name}1`, `${name}1`)))
        await sleep(50)
        return Promise.allSettled([batches.store(row(`${name}2`, `${name}2`))])
      })
      expect(codes(refused)).toEqual(['OC-110'])
      await Promise.all(waiting)
      await batches.close()
    }
  })

  test('what waits in vain behind a batch that stalls is refused as not stored, and that batch is stored', async () => {
    const limits = { ...batchLimits, rows: 1, connections: 1 }
    const batches = openBatches(server.ctx, { ...limits, givenUpMs: 100 })
    const waiting: Promise<unknown>[] = []
    const refused = await whileBlocked(async () => {
      waiting.push(batches.store(row('k0', 'k0')))
      await sleep(50)
      return Promise.allSettled([1, 2].map((i) => batches.store(row(`k${i}`, `k${i}`))))
    })
    expect(codes(refused)).toEqual(['OC-110', 'OC-110'])
    await Promise.all(waiting)
    await batches.close()
    const next = openBatches(server.ctx, limits)
    await next.store(row('k3', 'k3'))
    expect(await bodies('k')).toEqual(['k0', 'k3'])
    await next.close()
  })

  test('closing waits for what was accepted', async () => {
    const batches = openBatches(server.ctx)
    const stored = Promise.all([1, 2, 3].map((i) => batches.store(row(`f${i}`, `f${i}`))))
    await batches.close()
    await stored
    await expect(batches.store(row('f4', 'f4'))).rejects.toMatchObject({ code: 'OC-110' })
    expect(await bodies('f')).toEqual(['f1', 'f2', 'f3'])
  })
})

describe('a connection that is lost', () => {
  test('while a batch is under way leaves it open whether it was stored; the next batch takes another connection', async () => {
    const batches = openBatches(server.ctx)
    const results = await whileBlocked(async () => {
      const storing = Promise.allSettled([batches.store(row('g1', 'g1'))])
      await endBlocked()
      return storing
    })
    expect(codes(results)).toEqual(['OC-114'])
    expect(await bodies('g')).toEqual([])
    await batches.store(row('g2', 'g2'))
    expect(await bodies('g')).toEqual(['g2'])
    await batches.close()
  })

  test('while nobody uses it is noticed, and replaced', async () => {
    const batches = openBatches(server.ctx)
    await batches.store(row('h1', 'h1'))
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like '%from receive(%' and pid <> pg_backend_pid()`,
    )
    // The first may still be given the connection whose end is under way to here.
    await expect.poll(() => batches.store(row('h2', 'h2')).then(() => 'stored', codeOf)).toBe('stored')
    expect(await bodies('h')).toEqual(['h1', 'h2'])
    await batches.close()
  })
})

test('transactions that meet in another order are repeated until they are stored', async () => {
  // Two nodes, each with several batches at once, over the same few people by different fields.
  const nodes = [openBatches(server.ctx), openBatches(server.ctx)]
  const fields = ['phone', 'facebook', 'skype']
  const message = (i: number, body: string): Row => {
    const who = i % 5
    const sent = { phone: `i-phone-${who}`, facebook: `i-facebook-${who}`, skype: `i-skype-${who}` }
    const mapKey = fields[i % 3] ?? 'phone'
    const from = `i-${mapKey}-${who}`
    return {
      account: { ...account, updateRule: 'overwrite' },
      content: null,
      message: readMessage(Object.entries({ ...sent, from, mapKey, body, city: `${i}` }), rules),
    }
  }
  await Promise.all(
    Array.from({ length: 300 }, (_, i) => nodes[i % 2]?.store(message(i, `i${String(i).padStart(3, '0')}`))),
  )
  expect(await bodies('i')).toHaveLength(300)
  await Promise.all(nodes.map((node) => node.close()))
})

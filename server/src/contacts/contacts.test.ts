import { randomUUID } from 'node:crypto'
import type { Contact } from '@patchbay/protocol/api/contacts.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const defaultList = await ctx.db.selectFrom('list').select('id').executeTakeFirstOrThrow()

async function make(fields: object, as = server.admin): Promise<Contact> {
  const answer = await call('POST /api/contacts', { as, body: fields })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}

const patch = (id: number, body: object, as = server.admin) =>
  call('PATCH /api/contacts/:id', { as, params: { id }, body })

const search = async (text: string, as = server.admin) =>
  (await call('GET /api/contacts', { as, query: { search: text } })).body.rows.map(({ id }) => id)

async function interact(contactId: number, accountId: number, closed = false): Promise<number> {
  const { id } = await ctx.db
    .insertInto('interaction')
    .values({
      account_id: accountId,
      contact_id: contactId,
      thread_id: randomUUID(),
      ...(closed && { state: 'closed', closed_at: new Date() }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function keysOf(id: number): Promise<string[]> {
  const rows = await ctx.db.selectFrom('contact_key').selectAll().where('contact_id', '=', id).execute()
  return rows.map(({ field, value }) => `${field}=${value}`).sort()
}

test('a contact is made with its keys, read back, and changed with its keys', async () => {
  const { id } = await make({
    firstName: ' Giulia ',
    email: 'G@X.it',
    phone: '055',
    tags: ['vip', 'vip', ' '],
  })
  const read = await call('GET /api/contacts/:id', { params: { id } })
  expect(read.body).toMatchObject({ firstName: 'Giulia', lastName: null, email: 'G@X.it', tags: ['vip'] })
  expect(read.body.listId).toBe(defaultList.id)
  expect(await keysOf(id)).toEqual(['email=g@x.it', 'firstName=Giulia', 'phone=055', 'tags=vip'])
  await patch(id, { phone: null, tags: ['new'], lastName: 'Ferri' })
  expect(await keysOf(id)).toEqual(['email=g@x.it', 'firstName=Giulia', 'lastName=Ferri', 'tags=new'])
})

test('a key that stays keeps its claim, and one that goes takes it along', async () => {
  const { id } = await make({ facebook: 'fb1', phone: '1' })
  await ctx.db
    .updateTable('contact_key')
    .set({ claimed: true })
    .where('contact_id', '=', id)
    .where('field', '=', 'facebook')
    .execute()
  const claimed = () =>
    ctx.db
      .selectFrom('contact_key')
      .select('value')
      .where('contact_id', '=', id)
      .where('claimed', '=', true)
      .execute()
  await patch(id, { phone: '2', facebook: ' fb1 ' })
  expect(await claimed()).toEqual([{ value: 'fb1' }])
  await patch(id, { facebook: 'fb2' })
  expect(await claimed()).toEqual([])
})

test('a change is in the audit log with before and after, and one that changes nothing is not', async () => {
  const { id } = await make({ firstName: 'A', postalCode: '50100' })
  await patch(id, { postalCode: '50123' })
  await patch(id, { postalCode: '50123' })
  const entries = await ctx.db
    .selectFrom('audit_entry')
    .select(['action', 'before', 'after'])
    .where('object', '=', 'contact')
    .where('object_id', '=', id)
    .orderBy('id')
    .execute()
  expect(entries.map(({ action }) => action)).toEqual(['created', 'changed'])
  expect(entries[1]).toMatchObject({ before: { postalCode: '50100' }, after: { postalCode: '50123' } })
})

test('custom fields go in and out as cf_<id>, read by their type', async () => {
  const list = await call('POST /api/lists', { body: { name: 'Typed' } })
  const params = { id: list.body.id }
  const field = async (name: string, type: string, more: object = {}) => {
    const { body } = await call('POST /api/lists/:id/fields', { params, body: { name, type, ...more } })
    return `cf_${body.id}`
  }
  const plate = await field('Plate', 'text')
  const kind = await field('Kind', 'select', { options: ['car', 'bike'] })
  const seats = await field('Seats', 'number')
  const { id } = await make({ listId: params.id, [plate]: 'AB1', [kind]: 'car', [seats]: '4' })
  const { body } = await call('GET /api/contacts/:id', { params: { id } })
  expect(body).toMatchObject({ [plate]: 'AB1', [kind]: 'car', [seats]: 4 })
  expect(await keysOf(id)).toEqual([`${plate}=AB1`, `${kind}=car`, `${seats}=4`].sort())
  expect(await patch(id, { [kind]: 'boat' })).toMatchObject({
    status: 400,
    body: { code: 'GE-101', field: kind, allowed: ['car', 'bike'] },
  })
  expect(await patch(id, { [seats]: null })).toMatchObject({ status: 200 })
  expect(await keysOf(id)).toEqual([`${plate}=AB1`, `${kind}=car`].sort())
  const elsewhere = await make({ firstName: 'B' })
  expect(await patch(elsewhere.id, { [plate]: 'x' })).toMatchObject({ status: 400, body: { field: plate } })
})

test('a required field must be there from the start and may not be emptied, but does not hinder other changes', async () => {
  const { body: list } = await call('POST /api/lists', { body: { name: 'Strict' } })
  const old = await make({ listId: list.id, firstName: 'Old' })
  const { body: field } = await call('POST /api/lists/:id/fields', {
    params: { id: list.id },
    body: { name: 'Number', required: true },
  })
  const name = `cf_${field.id}`
  const missing = await call('POST /api/contacts', { body: { listId: list.id, firstName: 'New' } })
  expect(missing).toMatchObject({ status: 400, body: { code: 'GE-101', field: name } })
  expect(await patch(old.id, { lastName: 'Still' })).toMatchObject({ status: 200 })
  expect(await patch(old.id, { [name]: '7' })).toMatchObject({ status: 200 })
  expect(await patch(old.id, { [name]: ' ' })).toMatchObject({ status: 400, body: { field: name } })
})

test('deleting a field takes its values and keys along', async () => {
  const { body: field } = await call('POST /api/fields', { body: { name: 'Shoe size', type: 'number' } })
  const { id } = await make({ firstName: 'C', [`cf_${field.id}`]: 42 })
  const params = { id: field.id }
  expect(await call('DELETE /api/fields/:id', { params, query: { drop: false } })).toMatchObject({
    status: 409,
    body: { uses: [{ place: 'contacts', count: 1, mustMove: false }] },
  })
  expect(await call('DELETE /api/fields/:id', { params })).toMatchObject({
    status: 204,
  })
  expect(await keysOf(id)).toEqual(['firstName=C'])
  const { body } = await call('GET /api/contacts/:id', { params: { id } })
  expect(body).not.toHaveProperty(`cf_${field.id}`)
})

test('names that are no contact fields are refused, not dropped', async () => {
  for (const name of ['telephone', 'constructor', 'cf_999999', 'id'])
    expect(await call('POST /api/contacts', { body: { [name]: '1' } }), name).toMatchObject({
      status: 400,
      body: { code: 'GE-101', field: name },
    })
})

test('contacts are found by the start of a name and by a whole identifying value, whatever characters these hold', async () => {
  const giulia = await make({ firstName: 'Ludovica', lastName: 'Zambrotti', phone: '+39055777' })
  const alone = await make({ firstName: 'Ludo%_\\ca', email: 'Some.One@Example.com' })
  const { body: field } = await call('POST /api/fields', { body: { name: 'Badge' } })
  const badge = await make({ firstName: 'Z', [`cf_${field.id}`]: 'B-77' })
  expect(await search('ludovica z')).toEqual([giulia.id])
  expect(await search('ZAMB')).toEqual([giulia.id])
  expect(await search('Ludo')).toEqual([alone.id, giulia.id])
  expect(await search('ludo%')).toEqual([alone.id])
  expect(await search(' +39055777 ')).toEqual([giulia.id])
  expect(await search('+3905577')).toEqual([])
  expect(await search('some.one@example.COM')).toEqual([alone.id])
  expect(await search('B-77')).toEqual([badge.id])
  expect(await search('x\0y')).toEqual([])
})

test('a long name is stored and found by its start', async () => {
  const { id } = await make({ firstName: 'Q'.repeat(4000), lastName: 'R'.repeat(4000) })
  expect(await search('Q'.repeat(90))).toEqual([id])
})

test('an agent sees, finds and changes the contacts of his accounts and no others', async () => {
  const agent = await server.makeUser('agent')
  const [mine, other] = [await server.makeAccount({ agents: [agent] }), await server.makeAccount()]
  const seen = await make({ firstName: 'Visibilia' })
  const hidden = await make({ firstName: 'Visibilia' })
  await interact(seen.id, mine.id)
  await interact(hidden.id, other.id)
  expect(await search('visibilia', agent)).toEqual([seen.id])
  const list = await call('GET /api/contacts', { as: agent })
  expect(list.body).toMatchObject({ count: 1, rows: [{ id: seen.id }] })
  const foreign = { as: agent, params: { id: hidden.id } }
  expect(await call('GET /api/contacts/:id', foreign)).toMatchObject({
    status: 404,
    body: { code: 'GE-105' },
  })
  expect(await patch(hidden.id, { phone: '1' }, agent)).toMatchObject({ status: 404 })
  expect(await call('GET /api/contacts/:id/interactions', foreign)).toMatchObject({ status: 404 })
  expect(await patch(seen.id, { phone: '1' }, agent)).toMatchObject({ status: 200, body: { phone: '1' } })
})

test('an agent makes contacts in the lists of his accounts and no others, and sees only those lists', async () => {
  const agent = await server.makeUser('agent')
  const { body: foreign } = await call('POST /api/lists', { body: { name: 'Foreign' } })
  await server.makeAccount({ agents: [agent] })
  expect((await make({ firstName: 'N' }, agent)).listId).toBe(defaultList.id)
  const refused = await call('POST /api/contacts', {
    as: agent,
    body: { listId: foreign.id, firstName: 'N' },
  })
  expect(refused).toMatchObject({ status: 404, body: { code: 'GE-105' } })
  const lists = await call('GET /api/lists', { as: agent })
  expect(lists.body.rows.map(({ id }) => id)).toEqual([defaultList.id])
  expect(await call('GET /api/lists/:id/fields', { as: agent, params: { id: foreign.id } })).toMatchObject({
    status: 404,
  })
})

test('pages of an agent hold each contact once, newest first, though it wrote to several of his accounts', async () => {
  const agent = await server.makeUser('agent')
  const accounts = [
    await server.makeAccount({ agents: [agent] }),
    await server.makeAccount({ agents: [agent] }),
  ]
  const ids: number[] = []
  for (let n = 0; n < 5; n++) {
    const { id } = await make({ firstName: `Page ${n}` })
    ids.unshift(id)
    for (const account of accounts) {
      await interact(id, account.id)
      await interact(id, account.id, true)
    }
  }
  const seen: number[] = []
  let cursor: string | null | undefined
  do {
    const { body } = await call('GET /api/contacts', {
      as: agent,
      query: { limit: 2, listId: defaultList.id, ...(cursor && { cursor }) },
    })
    expect(body.count).toBe(5)
    seen.push(...body.rows.map(({ id }) => id))
    cursor = body.cursor
  } while (cursor)
  expect(seen).toEqual(ids)
  const { body } = await call('GET /api/contacts', { as: agent, query: { limit: 2, offset: 3 } })
  expect(body.rows.map(({ id }) => id)).toEqual(ids.slice(3))
})

test('the history of a contact shows the interactions that the caller may see', async () => {
  const agent = await server.makeUser('agent', { fullname: 'Marta Bianchi' })
  const [mine, other] = [
    await server.makeAccount({ name: 'Mine', agents: [agent] }),
    await server.makeAccount(),
  ]
  const { id } = await make({ firstName: 'H' })
  const [first, second, hidden] = [
    await interact(id, mine.id, true),
    await interact(id, mine.id),
    await interact(id, other.id),
  ]
  await ctx.db
    .updateTable('interaction')
    .set({ user_id: agent.id, state: 'assigned' })
    .where('id', '=', second)
    .execute()
  const history = await call('GET /api/contacts/:id/interactions', { as: agent, params: { id } })
  expect(history.body).toMatchObject({
    count: 2,
    rows: [
      { id: second, account: { name: 'Mine' }, agent: { fullname: 'Marta Bianchi' }, state: 'assigned' },
      { id: first, agent: null, state: 'closed' },
    ],
  })
  const all = await call('GET /api/contacts/:id/interactions', { params: { id }, query: { limit: 1 } })
  expect(all.body).toMatchObject({ count: 3, rows: [{ id: hidden }] })
})

test('desks that show an interaction, open or closed, hear of a change of its contact', async () => {
  const account = await server.makeAccount()
  const { id } = await make({ firstName: 'E' })
  const [open, closed] = [await interact(id, account.id), await interact(id, account.id, true)]
  const rung = new Set<number>()
  const stop = ctx.push.onRing(({ interactions }) => {
    for (const one of interactions) rung.add(one)
  })
  await patch(id, { phone: '055', city: 'Prato' })
  const events = await ctx.db
    .selectFrom('event')
    .selectAll()
    .where('interaction_id', 'in', [open, closed])
    .orderBy('interaction_id')
    .execute()
  expect(events).toMatchObject(
    [open, closed].map((interactionId) => ({
      interaction_id: interactionId,
      seq: 1,
      type: 'changed',
      user_id: server.admin.id,
      data: { what: 'contact', fields: 'city, phone' },
    })),
  )
  await expect.poll(() => [...rung]).toEqual(expect.arrayContaining([open, closed]))
  await patch(id, { phone: '055' })
  expect(
    await ctx.db.selectFrom('event').select('seq').where('interaction_id', '=', open).execute(),
  ).toHaveLength(1)
  stop()
})

test('two changes of one contact at once lose nothing', async () => {
  const { id } = await make({ firstName: 'F' })
  const { body: field } = await call('POST /api/fields', { body: { name: 'Both' } })
  await Promise.all([
    patch(id, { phone: '1' }),
    patch(id, { email: 'a@b.c' }),
    patch(id, { [`cf_${field.id}`]: 'x' }),
  ])
  const { body } = await call('GET /api/contacts/:id', { params: { id } })
  expect(body).toMatchObject({ phone: '1', email: 'a@b.c', [`cf_${field.id}`]: 'x' })
  expect(await keysOf(id)).toHaveLength(4)
})

test('a text that means more contacts than are counted still pages through them, for each caller his own', async () => {
  const agent = await server.makeUser('agent')
  const account = await server.makeAccount({ agents: [agent] })
  await ctx.pool.query(
    `insert into contact (list_id, first_name) select $1, 'Crowd' || n from generate_series(1, 10050) n`,
    [defaultList.id],
  )
  const { rows } = await ctx.pool.query<{ id: number }>(
    `select id from contact where first_name in ('Crowd7', 'Crowd9000') order by id desc`,
  )
  for (const { id } of rows) await interact(id, account.id)
  const { body } = await call('GET /api/contacts', { query: { search: 'crowd', limit: 3 } })
  expect(body).toMatchObject({
    count: 10_000,
    countIsAtLeast: true,
    rows: [{ firstName: 'Crowd10050' }, {}, {}],
  })
  const query = { search: 'crowd', limit: 1 }
  const { body: first } = await call('GET /api/contacts', { as: agent, query })
  expect(first).toMatchObject({ count: 2, rows: [{ id: rows[0]?.id }] })
  const { body: second } = await call('GET /api/contacts', {
    as: agent,
    query: { ...query, cursor: first.cursor },
  })
  expect(second).toMatchObject({ rows: [{ id: rows[1]?.id }], cursor: null })
})

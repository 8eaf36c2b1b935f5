import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server

async function makeList(name: string): Promise<number> {
  return (await call('POST /api/lists', { body: { name } })).body.id
}

const remove = (id: number) => call('DELETE /api/lists/:id', { params: { id } })

test('a fresh installation has the list Default', async () => {
  const { body } = await call('GET /api/lists')
  expect(body).toMatchObject({ count: 1, rows: [{ name: 'Default', contacts: 0 }], cursor: null })
})

test('the name of a list, a tag or a field is taken once, whatever its case', async () => {
  await makeList('Gold')
  expect(await call('POST /api/lists', { body: { name: ' gold ' } })).toMatchObject({
    status: 409,
    body: { code: 'GE-102', field: 'name' },
  })
  await call('POST /api/tags', { body: { name: 'urgent', color: 'bad' } })
  expect(await call('POST /api/tags', { body: { name: 'Urgent' } })).toMatchObject({ status: 409 })
  await call('POST /api/fields', { body: { name: 'Size' } })
  expect(await call('POST /api/fields', { body: { name: 'SIZE' } })).toMatchObject({ status: 409 })
})

test('a list is renamed, counted and deleted when nothing is in it', async () => {
  const id = await makeList('Silver')
  await call('POST /api/contacts', { body: { listId: id, firstName: 'A' } })
  const renamed = await call('PATCH /api/lists/:id', { params: { id }, body: { description: 'Second best' } })
  expect(renamed.body).toMatchObject({ name: 'Silver', description: 'Second best', contacts: 1 })
  expect(await remove(id)).toMatchObject({ status: 409, body: { code: 'GE-103' } })
  await ctx.db.deleteFrom('contact').where('list_id', '=', id).execute()
  expect(await remove(id)).toMatchObject({ status: 204 })
  expect(await remove(id)).toMatchObject({ status: 404 })
})

test('a list that an account uses stays, and says which; a deleted account does not hold it', async () => {
  const id = await makeList('Bronze')
  const { body: account } = await call('POST /api/openchannel/accounts', {
    body: { name: 'Kiosk', listId: id },
  })
  const refused = await remove(id)
  expect(refused).toMatchObject({ status: 409, body: { code: 'GE-103' } })
  expect(refused.body.detail).toContain('Kiosk')
  await call('DELETE /api/openchannel/accounts/:id', { params: { id: account.id } })
  expect(await remove(id)).toMatchObject({ status: 204 })
})

test('the last list stays, also when two are deleted at once', async () => {
  const { body } = await call('GET /api/lists')
  await ctx.db.deleteFrom('contact').execute()
  const answers = await Promise.all(body.rows.map(({ id }) => remove(id)))
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(1)
  expect((await call('GET /api/lists')).body.count).toBe(1)
})

test('a select field has options, and its type stays', async () => {
  expect(await call('POST /api/fields', { body: { name: 'Kind', type: 'select' } })).toMatchObject({
    status: 400,
    body: { field: 'options' },
  })
  const { body } = await call('POST /api/fields', {
    body: { name: 'Kind', type: 'select', options: ['a', ' a', 'b'] },
  })
  expect(body).toMatchObject({ type: 'select', options: ['a', 'b'], required: false, listId: null })
  const changed = await call('PATCH /api/fields/:id', {
    params: { id: body.id },
    body: { required: true, options: ['c'] },
  })
  expect(changed.body).toMatchObject({ name: 'Kind', type: 'select', required: true, options: ['c'] })
})

test('a field may lead somewhere by a click, and never to a script', async () => {
  const link = 'https://shop.example/orders/{{value}}'
  const made = await call('POST /api/fields', { body: { name: 'Order number', link } })
  expect(made.body).toMatchObject({ link })
  const params = { id: made.body.id }
  for (const bad of ['javascript:alert({{value}})', 'https://shop.example/', 'data:text/html,{{value}}'])
    expect(await call('PATCH /api/fields/:id', { params, body: { link: bad } })).toMatchObject({
      status: 400,
    })
  const changed = await call('PATCH /api/fields/:id', { params, body: { link: 'tel:{{value}}' } })
  expect(changed.body).toMatchObject({ link: 'tel:{{value}}' })
  const emptied = await call('PATCH /api/fields/:id', { params, body: { link: '' } })
  expect(emptied.body).toMatchObject({ link: '' })
})

test('a field that is the map key of an account stays, and says of which', async () => {
  const { body: field } = await call('POST /api/fields', { body: { name: 'Member' } })
  const mapKey = `cf_${field.id}`
  await call('POST /api/openchannel/accounts', { body: { name: 'Club', mapKey } })
  const refused = await call('DELETE /api/fields/:id', { params: { id: field.id } })
  expect(refused).toMatchObject({ status: 409, body: { code: 'GE-103' } })
  expect(refused.body.detail).toContain('Club')
})

test('agents make tags; only admins rename and delete them', async () => {
  const as = await server.makeUser('agent')
  const { body: tag } = await call('POST /api/tags', { as, body: { name: 'refund' } })
  expect(tag).toMatchObject({ name: 'refund', color: 'neutral' })
  const params = { id: tag.id }
  expect(await call('PATCH /api/tags/:id', { as, params, body: { color: 'warn' } })).toMatchObject({
    status: 403,
  })
  expect(await call('PATCH /api/tags/:id', { params, body: { color: 'warn' } })).toMatchObject({
    body: { name: 'refund', color: 'warn' },
  })
  expect(await call('DELETE /api/tags/:id', { as, params })).toMatchObject({ status: 403 })
  expect(await call('DELETE /api/tags/:id', { params })).toMatchObject({ status: 204 })
  const { body } = await call('GET /api/tags', { as })
  expect(body.rows.map(({ name }) => name)).not.toContain('refund')
})

test('every change of what admins arrange is in the audit log', async () => {
  const rows = await ctx.db.selectFrom('audit_entry').select(['object', 'action']).execute()
  const seen = new Set(rows.map(({ object, action }) => `${object} ${action}`))
  for (const object of ['list', 'custom_field', 'tag']) expect(seen).toContain(`${object} created`)
  for (const change of ['list changed', 'list deleted', 'custom_field changed', 'tag changed', 'tag deleted'])
    expect(seen).toContain(change)
})

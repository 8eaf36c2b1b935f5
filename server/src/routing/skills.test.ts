import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call } = server

async function makeSkill(name: string): Promise<number> {
  const { body } = await call('POST /api/openchannel/skills', { body: { name } })
  return body.id
}
const makeQueue = (fields: object) => call('POST /api/openchannel/queues', { body: fields })

test('a skill is made, renamed, given to agents with levels, and shown with them and the queues that ask for it', async () => {
  const id = await makeSkill(' Italian ')
  const agent = await server.makeUser()
  const skills = [{ skillId: id, level: 7 }]
  expect(
    await call('PUT /api/users/:id/skills', { params: { id: agent.id }, body: { skills } }),
  ).toMatchObject({
    status: 200,
    body: { skills },
  })
  await makeQueue({ name: 'Italy', skills: [{ skillId: id, level: 5, relax: [] }] })
  const renamed = await call('PATCH /api/openchannel/skills/:id', {
    params: { id },
    body: { name: 'Italiano' },
  })
  expect(renamed.body).toMatchObject({
    name: 'Italiano',
    agents: [{ userId: agent.id, level: 7 }],
    queues: [{ name: 'Italy' }],
  })
  expect(await call('POST /api/openchannel/skills', { body: { name: 'ITALIANO' } })).toMatchObject({
    status: 409,
    body: { code: 'GE-102' },
  })
})

test('a skill that a queue asks for stays and says why; then it goes, and agents lose it', async () => {
  const id = await makeSkill('Billing')
  const agent = await server.makeUser()
  await call('PUT /api/users/:id/skills', {
    params: { id: agent.id },
    body: { skills: [{ skillId: id, level: 1 }] },
  })
  const queue = await makeQueue({ name: 'Bills', skills: [{ skillId: id, level: 5, relax: [] }] })
  const remove = () => call('DELETE /api/openchannel/skills/:id', { params: { id } })
  expect(await remove()).toMatchObject({
    status: 409,
    body: {
      code: 'GE-103',
      uses: [
        { place: 'queue', name: 'Bills' },
        { place: 'users', count: 1 },
      ],
    },
  })
  await call('PATCH /api/openchannel/queues/:id', { params: { id: queue.body.id }, body: { skills: [] } })
  expect(await remove()).toMatchObject({ status: 204 })
  const { body } = await call('GET /api/openchannel/skills')
  expect(body.rows.map(({ name }: { name: string }) => name)).not.toContain('Billing')
})

test('a queue keeps what it asks for, step by step, beside its group, wrap-up and answering by itself', async () => {
  const id = await makeSkill('Law')
  const relax = [
    { afterSeconds: 30, level: 4 },
    { afterSeconds: 90, level: 0 },
  ]
  const settings = {
    group: 'North',
    wrapUpSeconds: 45,
    autoAnswer: true,
    skills: [{ skillId: id, level: 8, relax }],
  }
  const { body } = await makeQueue({ name: 'Lawyers', ...settings })
  expect(body).toMatchObject({ ...settings, free: 0 })
  const other = await makeQueue({ name: 'Plain' })
  expect(other.body).toMatchObject({ group: '', wrapUpSeconds: 0, autoAnswer: false, skills: [] })
})

test.each([
  [
    'a step that comes no later',
    [
      { afterSeconds: 30, level: 4 },
      { afterSeconds: 30, level: 2 },
    ],
  ],
  ['a step that asks for more', [{ afterSeconds: 30, level: 9 }]],
])('%s is refused, and nothing is changed', async (_, relax) => {
  const id = await makeSkill(`Skill ${_}`)
  const refused = await makeQueue({ name: `Queue ${_}`, skills: [{ skillId: id, level: 8, relax }] })
  expect(refused).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'skills[0].relax' } })
})

test('a skill that does not exist or stands twice is refused for queues and agents alike', async () => {
  const id = await makeSkill('Twice')
  const agent = await server.makeUser()
  const twice = [
    { skillId: id, level: 1 },
    { skillId: id, level: 2 },
  ]
  expect(
    await call('PUT /api/users/:id/skills', { params: { id: agent.id }, body: { skills: twice } }),
  ).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'skills[1].skillId' } })
  expect(
    await makeQueue({ name: 'Nothing', skills: [{ skillId: 999_999, level: 1, relax: [] }] }),
  ).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'skills[0].skillId' } })
})

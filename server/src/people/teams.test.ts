/** Teams: joining one opens its accounts, leaving it closes them. */
import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call } = server
const makeTeam = async (name: string) => (await call('POST /api/teams', { body: { name } })).body

test('a member sees the accounts of his team from the moment he joins until he leaves', async () => {
  const agent = await server.makeUser('agent')
  const account = await server.makeAccount()
  const team = await makeTeam('Night')
  await call('PUT /api/openchannel/accounts/:id/teams', {
    params: { id: account.id },
    body: { ids: [team.id] },
  })
  const sees = async () =>
    (await call('GET /api/openchannel/accounts/:id', { as: agent, params: { id: account.id } })).status
  const setMembers = (ids: number[]) =>
    call('PUT /api/teams/:id/users', { params: { id: team.id }, body: { ids } })

  expect(await sees()).toBe(404)
  expect((await setMembers([agent.id, agent.id])).body.userIds).toEqual([agent.id])
  expect(await sees()).toBe(200)
  await setMembers([])
  expect(await sees()).toBe(404)
  await setMembers([agent.id])
  await call('DELETE /api/teams/:id', { params: { id: team.id } })
  expect(await sees()).toBe(404)
})

test('a name is taken once, in whatever case', async () => {
  const team = await makeTeam('Day')
  const [made, renamed] = [
    await call('POST /api/teams', { body: { name: 'DAY' } }),
    await call('PATCH /api/teams/:id', {
      params: { id: (await makeTeam('Dusk')).id },
      body: { name: ' day ' },
    }),
  ]
  expect([made.body.code, renamed.body.code]).toEqual(['GE-102', 'GE-102'])
  expect(
    (await call('PATCH /api/teams/:id', { params: { id: team.id }, body: { name: 'DAY' } })).body.name,
  ).toBe('DAY')
})

test('a user who does not exist cannot join, and then nobody else has left', async () => {
  const agent = await server.makeUser('agent')
  const team = await makeTeam('Whole')
  const params = { id: team.id }
  await call('PUT /api/teams/:id/users', { params, body: { ids: [agent.id] } })
  const answer = await call('PUT /api/teams/:id/users', { params, body: { ids: [999_999] } })
  expect([answer.status, answer.body.field]).toEqual([400, 'ids'])
  const { rows } = (await call('GET /api/teams')).body
  expect(rows.find(({ id }) => id === team.id)?.userIds).toEqual([agent.id])
})

test('two replacements at the same moment leave one of the two, never a mixture', async () => {
  const [a, b] = [await server.makeUser(), await server.makeUser()]
  const team = await makeTeam('Either')
  const set = (id: number) =>
    call('PUT /api/teams/:id/users', { params: { id: team.id }, body: { ids: [id] } })
  await Promise.all([set(a.id), set(b.id), set(a.id), set(b.id)])
  const { rows } = (await call('GET /api/teams')).body
  expect(rows.find(({ id }) => id === team.id)?.userIds).toHaveLength(1)
})

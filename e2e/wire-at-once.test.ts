// Everybody does everything at once to a few interactions: whatever is refused is refused in words, and nothing contradicts itself.
import type { Interaction, Message } from '@patchbay/protocol/api/interactions.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  makeAccount,
  makeList,
  makeUser,
  type OwnAccount,
  post,
  type Service,
  startService,
} from './service.ts'

let program: Program
let service: Service
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let agentIds: number[]
let clients: Client[]

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  service = await startService()
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  const settings = {
    replyUrl: service.replyUrl,
    reopenWithinMinutes: 1,
    ratePerSecond: 100_000,
    rateBurst: 100_000,
  }
  account = await makeAccount(api, { listId: await makeList(api), ...settings })
  const people = [await makeUser(api), await makeUser(api), await makeUser(api)]
  clients = [api, ...people.map((person) => client(program.origin, person))]
  agentIds = people.map(({ user }) => user.id)
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids: agentIds })
})

afterAll(async () => {
  await program?.stop()
  await service?.stop()
  await removeFolder?.()
})

const wrong = new Map<string, number>()
const right = new Map<string, number>()

async function ask<T>(method: string, path: string, body?: object, as = api): Promise<T | undefined> {
  const answer = await as.raw(method, path, body)
  const text = await answer.text()
  const what = `${method} ${path.replaceAll(/\d+/g, ':n')}`
  if (answer.status >= 500) wrong.set(`${what}: ${text}`, (wrong.get(what) ?? 0) + 1)
  if (!answer.ok) return undefined
  right.set(what, (right.get(what) ?? 0) + 1)
  return (text === '' ? undefined : JSON.parse(text)) as T | undefined
}

function pick<T>(from: Iterable<T>): T {
  const all = [...from]
  return all[Math.floor(Math.random() * all.length)] as T
}

test('messages, verbs, people and what is deleted under them meet without an error of ours', async () => {
  const queue = async (name: string) => {
    const made = await ask<{ id: number }>('POST', '/api/openchannel/queues', {
      name,
      agentTimeoutSeconds: 3,
    })
    await ask('PUT', `/api/openchannel/queues/${made?.id}/agents`, { ids: agentIds })
    return made?.id ?? 0
  }
  const queues = [await queue('one'), await queue('two')]
  const actions = queues.map((queueId) => ({ type: 'queue', queueId, timeoutSeconds: 3 }))
  await ask('PUT', `/api/openchannel/accounts/${account.id}/actions`, { actions })
  for (const as of clients) await ask('PUT', '/api/me/presence', { state: 'available' }, as)

  const known = new Set<number>()
  const messages: number[] = []
  const receive = async (own = account) => {
    const from = `customer ${Math.floor(Math.random() * 6)}`
    const message = {
      from,
      body: 'x',
      mapKey: pick(['phone', 'email']),
      threadId: pick(['', 't']),
      firstName: pick(['A', 'B']),
    }
    const { status, body } = await post(own.receiveUrl, message)
    if (status >= 500) wrong.set(`receive: ${body.code}`, 1)
    if (status !== 200 || own !== account) return
    known.add(body.interaction.id)
    messages.push(body.message.id)
  }
  await receive()

  const at = (verb = '') => `/api/openchannel/interactions/${pick(known)}${verb}`
  const name = () => Math.random().toString(36)
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      const team = await ask<{ id: number }>('POST', '/api/teams', { name: name() })
      const ids = [team?.id]
      await Promise.all([
        ask('PUT', `/api/teams/${team?.id}/users`, { ids: agentIds }),
        ask('PUT', `/api/openchannel/accounts/${account.id}/teams`, { ids }),
        ask('PUT', `/api/openchannel/queues/${pick(queues)}/teams`, { ids }),
        ask('DELETE', `/api/teams/${team?.id}`),
      ])
    },
    async () => {
      const queueId = await queue(name())
      const put = (wanted: object[]) =>
        ask('PUT', `/api/openchannel/accounts/${account.id}/actions`, { actions: wanted })
      await put([{ type: 'queue', queueId }])
      await Promise.all([
        receive(),
        put(actions),
        ask('DELETE', `/api/openchannel/queues/${queueId}`),
        receive(),
      ])
    },
    async () => {
      const key = await ask<{ id: number }>('POST', '/api/keys', { name: name() })
      const rotate = () => ask('POST', `/api/keys/${key?.id}/rotate`, {})
      await Promise.all([rotate(), ask('DELETE', `/api/keys/${key?.id}`), rotate()])
    },
    async () => {
      const { user } = await makeUser(api)
      await Promise.all([
        ask('PATCH', `/api/users/${user.id}`, { disabled: true }),
        ask('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids: [...agentIds, user.id] }),
        ask('PUT', at(), { UserId: user.id }),
      ])
    },
    async () => {
      const OpenchannelInteractionId = pick(known)
      const message = { OpenchannelInteractionId, body: 'same', clientId: `client ${name()}` }
      await Promise.all([1, 2, 3].map(() => ask('POST', '/api/openchannel/messages', message, clients[1])))
    },
    receive,
    receive,
    () => ask('PUT', at(), { closed: true }, pick(clients)),
    () => ask('PUT', at(), { closed: false, UserId: null, queueId: null }, pick(clients)),
    () => ask('PUT', at(), { closed: false, UserId: pick(agentIds) }, pick(clients)),
    () => ask('POST', at('/accept'), undefined, pick(clients)),
    () => ask('POST', at('/decline'), {}, pick(clients)),
    () => ask('POST', at('/reopen'), undefined, pick(clients)),
    () =>
      ask(
        'POST',
        at('/transfer'),
        pick([{ queueId: pick(queues) }, { userId: pick(agentIds) }]),
        pick(clients),
      ),
    () =>
      ask(
        'POST',
        `/api/rpc/openchannel/queues/${pick(queues)}/notify`,
        { messageId: pick(messages) },
        pick(clients),
      ),
    () =>
      ask(
        'POST',
        '/api/openchannel/messages',
        { OpenchannelInteractionId: pick(known), body: 'y', secret: pick([true, false]) },
        pick(clients),
      ),
    () => ask('PUT', '/api/me/presence', { state: pick(['available', 'paused', 'offline']) }, pick(clients)),
    () =>
      ask('PUT', `/api/openchannel/queues/${pick(queues)}/agents`, {
        ids: pick([agentIds, agentIds.slice(1), []]),
      }),
    () =>
      ask('PUT', `/api/openchannel/accounts/${account.id}/agents`, {
        ids: pick([agentIds, agentIds.slice(1)]),
      }),
    () => ask('PATCH', `/api/openchannel/accounts/${account.id}`, { description: name() }),
    () =>
      ask(
        'PATCH',
        `/api/contacts/${pick([1, 2, 3, 4])}`,
        { firstName: 'Z', email: pick(['a@b', null]) },
        pick(clients),
      ),
    () =>
      ask(
        'GET',
        `/api/openchannel/inbox?view=${pick(['mine', 'waiting', 'team', 'closed'])}`,
        undefined,
        pick(clients),
      ),
    async () => {
      const tag = await ask<{ id: number }>('POST', '/api/tags', { name: name() })
      await Promise.all([ask('DELETE', `/api/tags/${tag?.id}`), ask('POST', at('/tags'), { ids: [tag?.id] })])
    },
    async () => {
      const made = await ask<{ id: number }>('POST', '/api/openchannel/queues', { name: name() })
      await Promise.all([
        ask('DELETE', `/api/openchannel/queues/${made?.id}`),
        ask('POST', at('/transfer'), { queueId: made?.id }),
      ])
    },
    async () => {
      const own = await makeAccount(api, { replyUrl: service.replyUrl })
      await Promise.all([
        receive(own),
        receive(own),
        ask('DELETE', `/api/openchannel/accounts/${own.id}`),
        receive(own),
      ])
    },
    async () => {
      const field = await ask<{ id: number }>('POST', `/api/lists/${account.listId}/fields`, { name: name() })
      const message = { from: 'field', body: 'x', mapKey: 'phone', [`cf_${field?.id}`]: 'v' }
      const [, { status }] = await Promise.all([
        ask('DELETE', `/api/fields/${field?.id}`),
        post(account.receiveUrl, message),
      ])
      if (status !== 200) wrong.set('a field that is being deleted', status)
    },
    async () => {
      const listId = await makeList(api)
      await Promise.all([
        ask('DELETE', `/api/lists/${listId}`),
        ask('POST', '/api/contacts', { listId, phone: '1' }),
        ask('POST', '/api/openchannel/accounts', { listId, name: name() }),
      ])
    },
  ]
  const until = Date.now() + 8_000
  const worker = async () => {
    while (Date.now() < until) await pick(steps)()
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  expect(Object.fromEntries(wrong)).toEqual({})
  expect(right.size).toBeGreaterThan(20)
  expect(program.output.stderr).not.toContain('"level":"error"')

  for (const id of known) {
    const interaction = await api.get<Interaction>(`/api/openchannel/interactions/${id}`)
    const { closed, state, UserId, closedAt } = interaction
    expect([closed, closedAt !== null]).toEqual([state === 'closed', closed])
    if (state === 'assigned') expect(UserId).not.toBeNull()
    if (state === 'new' || state === 'queued' || state === 'offered') expect(UserId).toBeNull()
    const { count, rows } = await api.get<{ count: number; rows: Message[] }>(
      `/api/openchannel/interactions/${id}/messages?limit=200`,
    )
    expect(new Set(rows.map((row) => row.id)).size).toBe(Math.min(count, 200))
  }
})

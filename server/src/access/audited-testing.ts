/** How each endpoint that changes something is called so that it changes something, and which write no audit row, with the reason. */
import type { Api } from '@patchbay/protocol/api.ts'
import { vi } from 'vitest'
import type { CallOptions, TestServer } from '../testing.ts'
import { start } from './sessions.ts'

export type ChangingKey = Exclude<keyof Api, `GET ${string}`>

export interface Scenario {
  /** Makes what is changed, and answers the call; made twice, it must be right both times. */
  make(server: TestServer): Promise<CallOptions<keyof Api>>
  /** Unless a POST tells what is after, a DELETE what was before, and a PATCH or PUT both. */
  tells?: readonly ('before' | 'after')[]
  /** What it changes is in no table of ours, or is changed afterwards. */
  writesElsewhere?: string
  status?: number
}

const log = 'What happens to an interaction stands in its own log, an event in the same transaction.'
const nothing = 'Changes nothing that is kept.'
const presence = 'Periods of presence are their own log.'
const guessed = 'Called by somebody who is nobody yet; what it leads to is written down where it is done.'

export const exceptions: Readonly<Partial<Record<ChangingKey, string>>> = {
  'PUT /api/openchannel/interactions/:id': log,
  'POST /api/openchannel/messages': log,
  'POST /api/openchannel/interactions': log,
  'POST /api/openchannel/interactions/:id/tags': log,
  'POST /api/openchannel/interactions/:id/accept': log,
  'POST /api/openchannel/interactions/:id/decline': log,
  'POST /api/openchannel/interactions/:id/close': log,
  'POST /api/openchannel/interactions/:id/reopen': log,
  'POST /api/openchannel/interactions/:id/read': log,
  'POST /api/openchannel/interactions/:id/transfer': log,
  'POST /api/rpc/openchannel/queues/:id/notify': log,
  'POST /api/attachments': 'A file belongs to the message that it is sent with.',
  'DELETE /api/openchannel/popups/:id': 'An agent puts away what he has read.',
  'PUT /api/me/presence': presence,
  'PUT /api/users/:id/presence': presence,
  'POST /api/openchannel/accounts/:id/try-receive': nothing,
  'POST /api/openchannel/accounts/:id/try-reply': nothing,
  'POST /api/openchannel/accounts/:id/actions/try': nothing,
  'POST /api/openchannel/triggers/try': nothing,
  'POST /api/intervals/check': nothing,
  'POST /api/reachability': nothing,
  'POST /api/sign-in-settings/try': nothing,
  'POST /api/password-links/check': nothing,
  'POST /api/password-resets': guessed,
  'POST /api/session/code': 'Written down as signing in, whose tests are in people/second-factor.',
  'POST /api/session/set-up': guessed,
  'POST /api/session/set-up/confirm': 'Written down as signing in, whose tests are in people/second-factor.',
  'POST /api/setup': 'Once in the life of an installation; its test is in people/setup.test.ts.',
  'POST /api/password-links': 'By a code from a mail; its test is in people/password-links.test.ts.',
  'POST /api/me/second-factor': 'A secret that is not in force before it was confirmed.',
  'POST /api/me/second-factor/confirm': 'Needs a code of the hour; its test is in people/second-factor.',
  'POST /api/me/second-factor/recovery-codes':
    'Needs a code of the hour; its test is in people/second-factor.',
  'POST /api/me/second-factor/off': 'Needs a code of the hour; its test is in people/second-factor.',
  'DELETE /api/users/:id/second-factor': 'Needs a second factor; its test is in people/second-factor.',
  'POST /api/openchannel/accounts/:id/pairings':
    'Needs a cloud; the key that it makes is written down as any other. Its test is in flows/connect/pair.test.ts.',
  'POST /api/relays': 'Needs a relay; its test is in e2e/relay.test.ts.',
  'DELETE /api/relays/:id': 'Needs a relay; its test is in e2e/relay.test.ts.',
}

let count = 0
const name = () => `Thing ${++count}`

type Made = (server: TestServer) => Promise<number>
const post =
  (key: keyof Api, rest: object = {}): Made =>
  async ({ call }) => {
    const { status, body } = await call(key, { body: { name: name(), ...rest } } as CallOptions<keyof Api>)
    if (status >= 300) throw new Error(`${key} answered ${status}: ${JSON.stringify(body)}`)
    return (body as unknown as { id: number }).id
  }
const a = {
  queue: post('POST /api/openchannel/queues'),
  interval: post('POST /api/intervals', { timeZone: 'UTC' }),
  list: post('POST /api/lists'),
  field: post('POST /api/fields'),
  tag: post('POST /api/tags'),
  team: post('POST /api/teams'),
  role: post('POST /api/roles', { permissions: [] }),
  skill: post('POST /api/openchannel/skills'),
  pause: post('POST /api/openchannel/pauses'),
  disposition: post('POST /api/dispositions'),
  trigger: post('POST /api/openchannel/triggers', {
    enabled: false,
    actions: [{ type: 'popup', title: 'x', text: '' }],
  }),
  account: post('POST /api/openchannel/accounts'),
  key: post('POST /api/keys'),
  user: (async (server) => (await server.makeUser()).id) as Made,
}

const make = (body: object = {}): Scenario => ({ make: async () => ({ body: { name: name(), ...body } }) })
const edit = (of: Made, body: object | ((server: TestServer) => Promise<object>)): Scenario => ({
  make: async (server) => ({
    params: { id: await of(server) },
    body: typeof body === 'function' ? await body(server) : body,
  }),
})
const remove = (of: Made): Scenario => ({ make: async (server) => ({ params: { id: await of(server) } }) })
const members = async (server: TestServer) => ({ ids: [await a.user(server)] })
const teams = async (server: TestServer) => ({ ids: [await a.team(server)] })

async function failedDelivery(
  server: TestServer,
): Promise<{ account: number; delivery: number; message: number }> {
  const account = await server.makeAccount({ replyUrl: 'http://127.0.0.1:9/' })
  const { body } = await server.receive(account, { from: '+39055', body: 'Hi', mapKey: 'phone' })
  await server.call('POST /api/openchannel/messages', {
    body: { OpenchannelInteractionId: body.interaction?.id, direction: 'out', body: 'Hello' },
  })
  const { db } = server.ctx
  // Not before the engine has tried and put it aside, or it would write over what is set here.
  const { id, message_id: message } = await vi.waitFor(
    () =>
      db
        .selectFrom('delivery')
        .select(['id', 'message_id'])
        .where('account_id', '=', account.id)
        .where('attempts', '>', 0)
        .executeTakeFirstOrThrow(),
    { timeout: 30_000, interval: 50 },
  )
  await db
    .updateTable('delivery')
    .set({ state: 'failed', ended_at: new Date() })
    .where('id', '=', id)
    .execute()
  await db.updateTable('message').set({ status: 'failed' }).where('id', '=', message).execute()
  return { account: account.id, delivery: id, message: message ?? 0 }
}

export const scenarios: Readonly<Partial<Record<ChangingKey, Scenario>>> = {
  'POST /api/openchannel/accounts': make(),
  'PATCH /api/openchannel/accounts/:id': edit(a.account, { description: 'changed' }),
  'DELETE /api/openchannel/accounts/:id': remove(a.account),
  'PUT /api/openchannel/accounts/:id/agents': edit(a.account, members),
  'PUT /api/openchannel/accounts/:id/teams': edit(a.account, teams),
  'PUT /api/openchannel/accounts/:id/actions': edit(a.account, { actions: [{ type: 'noop', text: 'x' }] }),
  'POST /api/openchannel/accounts/:id/token': { ...edit(a.account, {}), tells: [] },
  'POST /api/openchannel/accounts/:id/secret': { ...edit(a.account, { rotate: true }), tells: [] },
  'DELETE /api/openchannel/accounts/:id/token/old': {
    make: async (server) => {
      const params = { id: await a.account(server) }
      await server.call('POST /api/openchannel/accounts/:id/token', { params, body: {} })
      return { params }
    },
    tells: [],
  },
  'POST /api/openchannel/deliveries/:id/replay': {
    make: async (server) => ({ params: { id: (await failedDelivery(server)).delivery } }),
  },
  'POST /api/openchannel/messages/:id/retry': {
    make: async (server) => ({ params: { id: (await failedDelivery(server)).message } }),
  },
  'POST /api/openchannel/accounts/:id/replay': {
    make: async (server) => ({
      params: { id: (await failedDelivery(server)).account },
      body: { since: new Date(Date.now() - 60_000).toISOString() },
    }),
  },
  'DELETE /api/openchannel/accounts/:id/log': {
    ...remove(a.account),
    tells: [],
    writesElsewhere: 'Written down before: the bodies go in steps.',
  },

  'DELETE /api/session': {
    make: async (server) => ({ as: await server.makeUser() }),
    tells: [],
  },
  'POST /api/session': {
    make: async (server) => {
      const { body } = await server.call('POST /api/users', {
        body: { email: `${name().replace(' ', '')}@example.com`, password: 'correct horse battery' },
      })
      return { as: null, body: { email: body.email, password: 'correct horse battery' } }
    },
    tells: [],
  },
  'PATCH /api/me': {
    make: async (server) => ({ as: await server.makeUser(), body: { fullname: name() } }),
  },
  'DELETE /api/me/sessions/:id': {
    make: async (server) => {
      const person = await server.makeUser()
      const { body } = await server.call('GET /api/me/sessions', { as: person })
      return { as: person, params: { id: body.rows[0]?.id ?? 0 } }
    },
    tells: [],
  },
  'DELETE /api/me/sessions': {
    make: async (server) => {
      const person = await server.makeUser()
      await start(server.ctx.db, { userId: person.id, address: '127.0.0.1', userAgent: 'another' })
      return { as: person }
    },
    tells: [],
  },
  'PATCH /api/sign-in-settings': {
    make: async () => ({ body: { singleSignOn: { button: name() } } }),
  },

  'POST /api/lists': make(),
  'PATCH /api/lists/:id': edit(a.list, { description: 'changed' }),
  'DELETE /api/lists/:id': remove(a.list),
  'POST /api/lists/:id/fields': {
    make: async (server) => ({ params: { id: await a.list(server) }, body: { name: name() } }),
  },
  'POST /api/fields': make(),
  'PATCH /api/fields/:id': edit(a.field, async () => ({ name: name() })),
  'DELETE /api/fields/:id': remove(a.field),
  'POST /api/tags': make(),
  'PATCH /api/tags/:id': edit(a.tag, { color: 'warn' }),
  'DELETE /api/tags/:id': remove(a.tag),
  'POST /api/contacts': { make: async () => ({ body: { firstName: name() } }) },
  'PATCH /api/contacts/:id': edit(post('POST /api/contacts', { name: undefined, firstName: 'A' }), {
    firstName: 'B',
    fax: '1',
  }),
  'POST /api/dispositions': make(),
  'PATCH /api/dispositions/:id': edit(a.disposition, { name: 'Changed' }),
  'DELETE /api/dispositions/:id': remove(a.disposition),
  'POST /api/intervals': make({ timeZone: 'UTC' }),
  'PATCH /api/intervals/:id': edit(a.interval, { always: true }),
  'DELETE /api/intervals/:id': remove(a.interval),

  'POST /api/users': {
    make: async () => ({ body: { email: `${name().replace(' ', '')}@example.com`, mail: false } }),
  },
  'POST /api/users/:id/invitation': {
    make: async (server) => {
      const { body } = await server.call('POST /api/users', {
        body: { email: `${name().replace(' ', '')}@example.com`, mail: false },
      })
      return { params: { id: body.id }, body: {} }
    },
    tells: [],
    writesElsewhere: 'The mail is a chore, in a schema that is not ours.',
  },
  'PATCH /api/users/:id': edit(a.user, { capacity: 9 }),
  'POST /api/users/:id/view-as': {
    make: async (server) => ({
      as: await server.makeUser('admin'),
      params: { id: await a.user(server) },
      body: {},
    }),
  },
  'DELETE /api/me/view-as': {
    make: async (server) => {
      const chief = await server.makeUser('admin')
      const params = { id: await a.user(server) }
      await server.call('POST /api/users/:id/view-as', { as: chief, params, body: {} })
      return { as: chief }
    },
    tells: [],
  },
  'PUT /api/users/:id/skills': edit(a.user, async (server) => ({
    skills: [{ skillId: await a.skill(server), level: 3 }],
  })),
  'POST /api/teams': make(),
  'PATCH /api/teams/:id': edit(a.team, async () => ({ name: name() })),
  'DELETE /api/teams/:id': remove(a.team),
  'PUT /api/teams/:id/users': edit(a.team, members),
  'POST /api/roles': make({ permissions: [] }),
  'PATCH /api/roles/:id': edit(a.role, { permissions: ['openchannel'] }),
  'DELETE /api/roles/:id': remove(a.role),
  'POST /api/keys': make(),
  'POST /api/keys/:id/rotate': edit(a.key, {}),
  'DELETE /api/keys/:id': remove(a.key),

  'POST /api/openchannel/pauses': make(),
  'PATCH /api/openchannel/pauses/:id': edit(a.pause, { minutes: 7 }),
  'DELETE /api/openchannel/pauses/:id': remove(a.pause),
  'PUT /api/openchannel/presence-rules': { make: async () => ({ body: { absentMinutes: 61 } }) },
  'POST /api/openchannel/queues': make(),
  'PATCH /api/openchannel/queues/:id': edit(a.queue, { weight: 3 }),
  'DELETE /api/openchannel/queues/:id': remove(a.queue),
  'PUT /api/openchannel/queues/:id/agents': edit(a.queue, members),
  'PUT /api/openchannel/queues/:id/teams': edit(a.queue, teams),
  'POST /api/openchannel/skills': make(),
  'PATCH /api/openchannel/skills/:id': edit(a.skill, async () => ({ name: name() })),
  'DELETE /api/openchannel/skills/:id': remove(a.skill),
  'POST /api/openchannel/triggers': make({
    enabled: false,
    actions: [{ type: 'popup', title: 'x', text: '' }],
  }),
  'PATCH /api/openchannel/triggers/:id': edit(a.trigger, { direction: 'out' }),
  'DELETE /api/openchannel/triggers/:id': remove(a.trigger),
  'PUT /api/openchannel/triggers/order': {
    make: async (server) => {
      await a.trigger(server)
      await a.trigger(server)
      const { body } = await server.call('GET /api/openchannel/triggers')
      return { body: { ids: body.rows.map(({ id }) => id).reverse() } }
    },
  },
}

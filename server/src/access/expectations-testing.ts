/**
 * What the access checker expects of each endpoint for callers to whom the account does not belong. A new endpoint does not compile
 * without a line here: say what its answer speaks of, and give a body by which a call gets as far as the object.
 */
import type { Api } from '@patchbay/protocol/api.ts'

/** Ids of one object of each kind, all of one account, and of what is beside it. */
export type World = Record<
  | 'accounts'
  | 'attachments'
  | 'contacts'
  | 'deliveries'
  | 'interactions'
  | 'keys'
  | 'lists'
  | 'messages'
  | 'queues'
  | 'users',
  number
>

export interface Expectation {
  /**
   * `hidden`: `:id`, or an id in the body, names an object of an account; it does not exist for others. `list`: shows and counts the
   * caller's own alone. `open`: speaks of the caller himself or of what everybody here may know (names of users, teams, queues, tags), or
   * is for admins alone, as the endpoint table says; it must not tell of the account either.
   */
  kind: 'hidden' | 'list' | 'open'
  body?: (world: World) => unknown
  /** What may be asked of a list in order to find the account's things. */
  queries?: (world: World, marker: string) => Record<string, unknown>[]
}

const open: Expectation = { kind: 'open' }
const openWith = (body: unknown): Expectation => ({ kind: 'open', body: () => body })
const hidden: Expectation = { kind: 'hidden' }
const hiddenWith = (body: Expectation['body']): Expectation => ({ kind: 'hidden', ...(body && { body }) })
const list: Expectation = { kind: 'list' }
const listBy = (queries: Expectation['queries']): Expectation => ({
  kind: 'list',
  ...(queries && { queries }),
})

export const expectations: { readonly [K in keyof Api]: Expectation } = {
  'POST /api/session': openWith({ email: 'nobody@example.com', password: 'x' }),
  'DELETE /api/session': openWith({}),
  'POST /api/session/code': openWith({ challenge: 'x', code: '000000' }),
  'POST /api/session/set-up': openWith({ challenge: 'x' }),
  'POST /api/session/set-up/confirm': openWith({ challenge: 'x', code: '000000' }),
  'GET /api/me/second-factor': open,
  'POST /api/me/second-factor': openWith({ currentPassword: 'x' }),
  'POST /api/me/second-factor/confirm': openWith({ code: '000000' }),
  'POST /api/me/second-factor/recovery-codes': openWith({ code: '000000' }),
  'POST /api/me/second-factor/off': openWith({ currentPassword: 'x', code: '000000' }),
  'DELETE /api/users/:id/second-factor': open,
  'GET /api/me/sessions': open,
  'DELETE /api/me/sessions/:id': open,
  'DELETE /api/me/sessions': open,
  'GET /api/sign-in-settings': open,
  'PATCH /api/sign-in-settings': openWith({}),
  'POST /api/sign-in-settings/try': openWith({ issuer: 'http://127.0.0.1:9', clientId: 'x' }),
  'GET /api/sign-in': open,
  'GET /api/single-sign-on': open,
  'GET /api/single-sign-on/callback': open,
  'GET /api/setup': { kind: 'open', queries: () => [{ code: 'x' }] },
  'POST /api/setup': openWith({ code: 'x', email: 'x@example.com', password: 'long enough, twelve' }),
  'POST /api/password-resets': openWith({ email: 'nobody@example.com' }),
  'POST /api/password-links/check': openWith({ code: 'x' }),
  'POST /api/password-links': openWith({ code: 'x', password: 'long enough, twelve' }),
  'GET /api/me': open,
  'PATCH /api/me': openWith({}),
  'PUT /api/me/presence': openWith({ state: 'offline' }),

  'GET /api/roles': open,
  'POST /api/roles': openWith({}),
  'PATCH /api/roles/:id': openWith({}),
  'DELETE /api/roles/:id': open,
  'GET /api/users/:id/rights': open,
  'POST /api/users/:id/view-as': openWith({}),
  'DELETE /api/me/view-as': open,
  'GET /api/audit': { kind: 'open', queries: (_, marker) => [{}, { search: marker }] },
  'GET /api/audit/export': { kind: 'open', queries: (_, marker) => [{}, { search: marker }] },
  'GET /api/openchannel/pauses': open,
  'POST /api/openchannel/pauses': openWith({ name: '' }),
  'PATCH /api/openchannel/pauses/:id': openWith({}),
  'DELETE /api/openchannel/pauses/:id': open,
  'GET /api/openchannel/presence-rules': open,
  'PUT /api/openchannel/presence-rules': openWith({}),
  'GET /api/openchannel/agents': listBy((_, marker) => [{}, { search: marker }]),
  'PUT /api/users/:id/presence': hiddenWith(() => ({ state: 'paused' })),
  'GET /api/users/:id/presence/periods': hidden,

  'GET /api/users': { kind: 'open', queries: (_, marker) => [{}, { search: marker }] },
  'GET /api/users/:id': open,
  'POST /api/users': openWith({}),
  'POST /api/users/:id/invitation': openWith({}),
  'PATCH /api/users/:id': openWith({}),
  'GET /api/teams': open,
  'GET /api/teams/:id/uses': open,
  'GET /api/users/:id/uses': open,
  'POST /api/teams': openWith({ name: 'x' }),
  'PATCH /api/teams/:id': openWith({ name: 'x' }),
  'DELETE /api/teams/:id': open,
  'PUT /api/teams/:id/users': openWith({ ids: [] }),
  'GET /api/keys': list,
  'POST /api/keys': openWith({ name: '' }),
  'POST /api/keys/:id/rotate': hiddenWith(() => ({})),
  'DELETE /api/keys/:id': hidden,

  'GET /api/relays': open,
  'POST /api/relays': openWith({ url: 'http://127.0.0.1:1' }),
  'DELETE /api/relays/:id': open,
  'POST /api/reachability': open,

  'GET /api/lists': list,
  'POST /api/lists': openWith({ name: 'x' }),
  'PATCH /api/lists/:id': openWith({ name: 'x' }),
  'DELETE /api/lists/:id': open,
  'GET /api/lists/:id/fields': hidden,
  'POST /api/lists/:id/fields': openWith({ name: 'x' }),
  'POST /api/fields': openWith({ name: 'x' }),
  'PATCH /api/fields/:id': openWith({}),
  'DELETE /api/fields/:id': open,
  'GET /api/tags': open,
  'POST /api/tags': openWith({ name: '' }),
  'PATCH /api/tags/:id': openWith({ name: 'x' }),
  'DELETE /api/tags/:id': open,
  'GET /api/contacts': listBy((world, marker) => [{}, { search: marker }, { listId: world.lists }]),
  'GET /api/contacts/:id': hidden,
  'POST /api/contacts': hiddenWith((world) => ({ listId: world.lists, firstName: 'x' })),
  'PATCH /api/contacts/:id': hiddenWith(() => ({ city: 'Rome' })),
  'GET /api/contacts/:id/interactions': hidden,

  'GET /api/openchannel/accounts': listBy((world, marker) => [
    {},
    { search: marker },
    { listId: world.lists },
  ]),
  'GET /api/openchannel/accounts/:id': hidden,
  'POST /api/openchannel/accounts': openWith({}),
  'PATCH /api/openchannel/accounts/:id': openWith({}),
  'DELETE /api/openchannel/accounts/:id': open,
  'PUT /api/openchannel/accounts/:id/agents': openWith({ ids: [] }),
  'PUT /api/openchannel/accounts/:id/teams': openWith({ ids: [] }),
  'POST /api/openchannel/accounts/:id/actions/try': openWith({ body: 'x' }),
  'PUT /api/openchannel/accounts/:id/actions': openWith({ actions: [] }),
  'POST /api/openchannel/accounts/:id/token': openWith({}),
  'DELETE /api/openchannel/accounts/:id/token/old': open,
  'POST /api/openchannel/accounts/:id/secret': openWith({}),
  'GET /api/openchannel/accounts/:id/echoes': open,
  'POST /api/openchannel/accounts/:id/try-receive': openWith({ from: 'x', body: 'x' }),
  'POST /api/openchannel/accounts/:id/try-reply': openWith({}),
  'GET /api/openchannel/cloud': open,
  'POST /api/openchannel/accounts/:id/pairings': openWith({}),
  'GET /api/openchannel/accounts/:id/pairings/:keyId': open,
  'GET /api/openchannel/deliveries': listBy((world) => [{}, { accountId: world.accounts }]),
  'POST /api/openchannel/deliveries/:id/replay': hidden,

  'GET /api/openchannel/accounts/:id/log': open,
  'GET /api/openchannel/accounts/:id/log/:entryId': open,
  'DELETE /api/openchannel/accounts/:id/log': open,
  'POST /api/openchannel/accounts/:id/replay': openWith({ since: '2026-01-01T00:00:00.000Z' }),
  'GET /api/openchannel/accounts/:id/health': hidden,
  'GET /api/openchannel/health': listBy((world) => [{ accountIds: world.accounts }]),
  'GET /api/openchannel/messages/:id/hops': hidden,
  'GET /api/openchannel/accounts/:id/messages/:messageId/way': open,

  'GET /api/openchannel/queues': { kind: 'open', queries: (_, marker) => [{}, { search: marker }] },
  'GET /api/openchannel/queues/:id': open,
  'POST /api/openchannel/queues': openWith({ name: 'x' }),
  'PATCH /api/openchannel/queues/:id': openWith({}),
  'DELETE /api/openchannel/queues/:id': open,
  'PUT /api/openchannel/queues/:id/agents': openWith({ ids: [] }),
  'PUT /api/openchannel/queues/:id/teams': openWith({ ids: [] }),
  'GET /api/openchannel/skills': open,
  'POST /api/openchannel/skills': openWith({ name: 'x' }),
  'PATCH /api/openchannel/skills/:id': openWith({ name: 'x' }),
  'DELETE /api/openchannel/skills/:id': open,
  'PUT /api/users/:id/skills': openWith({ skills: [] }),
  'GET /api/intervals': { kind: 'open', queries: (_, marker) => [{}, { search: marker }] },
  'GET /api/intervals/:id': open,
  'POST /api/intervals': openWith({ name: '', timeZone: 'UTC' }),
  'PATCH /api/intervals/:id': openWith({}),
  'DELETE /api/intervals/:id': open,
  'POST /api/intervals/check': openWith({}),
  'GET /api/dispositions': { kind: 'open', queries: (world) => [{}, { accountId: world.accounts }] },
  'POST /api/dispositions': openWith({ name: 'x' }),
  'PATCH /api/dispositions/:id': openWith({}),
  'GET /api/dispositions/:id/uses': open,
  'DELETE /api/dispositions/:id': open,
  'GET /api/openchannel/interactions/:id/dispositions': hidden,
  'GET /api/openchannel/triggers': open,
  'GET /api/openchannel/triggers/:id': open,
  'POST /api/openchannel/triggers': openWith({ name: '', actions: [] }),
  'PATCH /api/openchannel/triggers/:id': openWith({}),
  'DELETE /api/openchannel/triggers/:id': open,
  'PUT /api/openchannel/triggers/order': openWith({ ids: [] }),
  'POST /api/openchannel/triggers/try': openWith({}),
  'GET /api/openchannel/popups': list,
  'DELETE /api/openchannel/popups/:id': open,
  'POST /api/rpc/openchannel/queues/:id/notify': hiddenWith((world) => ({ messageId: world.messages })),

  'GET /api/openchannel/interactions': listBy((world) => [
    {},
    { OpenchannelAccountId: world.accounts },
    { ContactId: world.contacts },
    { UserId: world.users },
    { closed: false },
    { createdAt: '{"$gte":"2020-01-01T00:00:00Z"}' },
  ]),
  'GET /api/openchannel/interactions/:id': hidden,
  'PUT /api/openchannel/interactions/:id': hiddenWith(() => ({ closed: true })),
  'GET /api/openchannel/interactions/:id/why': hidden,
  'GET /api/openchannel/interactions/:id/messages': hidden,
  'GET /api/openchannel/interactions/:id/runs': hidden,
  'POST /api/openchannel/messages': hiddenWith((world) => ({
    OpenchannelInteractionId: world.interactions,
    OpenchannelAccountId: world.accounts,
    body: 'x',
    direction: 'out',
  })),
  'POST /api/openchannel/messages/:id/retry': hidden,
  'POST /api/openchannel/interactions/:id/tags': hiddenWith(() => ({ ids: [] })),
  'POST /api/openchannel/interactions/:id/accept': hidden,
  'POST /api/openchannel/interactions/:id/decline': hiddenWith(() => ({})),
  'POST /api/openchannel/interactions/:id/transfer': hiddenWith((world) => ({ userId: world.users })),
  'GET /api/openchannel/interactions/:id/targets': hidden,
  'POST /api/openchannel/interactions': hiddenWith((world) => ({
    OpenchannelAccountId: world.accounts,
    ContactId: world.contacts,
    body: 'x',
  })),
  'POST /api/openchannel/interactions/:id/close': hiddenWith(() => ({})),
  'POST /api/openchannel/interactions/:id/reopen': hidden,
  'POST /api/openchannel/interactions/:id/read': hiddenWith(() => ({ seq: 1 })),
  'GET /api/openchannel/inbox': listBy((world, marker) =>
    ['mine', 'waiting', 'team', 'closed'].flatMap((view) => [
      { view },
      { view, search: marker },
      { view, accountId: world.accounts },
      { view, queueId: world.queues },
      { view, unread: true },
    ]),
  ),
  'GET /api/openchannel/interactions/:id/thread': hidden,
  'GET /api/openchannel/offers': list,

  'POST /api/attachments': open,
  'GET /api/attachments/:id': hidden,
  'GET /api/attachments/:id/download': {
    kind: 'hidden',
    queries: () => [{}, { expires: 9_999_999_999, signature: 'forged' }],
  },
}

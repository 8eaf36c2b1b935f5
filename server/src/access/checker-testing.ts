/** What the access checker walks through: a world that most callers may not see, those callers, and the search for leaks. */
import { type Api, api } from '@patchbay/protocol/api.ts'
import { type Endpoint, permissionsOf, type RestrictedAccess, scopes } from '@patchbay/protocol/endpoint.ts'
import { permissions } from '@patchbay/protocol/permissions.ts'
import type { Person, TestServer } from '../testing.ts'
import { type Expectation, expectations, type World } from './expectations-testing.ts'

/** Stands in everything that only the account's own people and admins may see. */
export const marker = 'quicksilver'

export type Key = keyof Api
// Signing out comes last: it ends the session by which a caller is known.
export const endpoints = (Object.entries(api) as [Key, Endpoint][]).sort(
  ([a], [b]) => Number(a === 'DELETE /api/session') - Number(b === 'DELETE /api/session'),
)

export interface Caller {
  name: string
  headers: Record<string, string>
  /** What may be expected of the endpoint table: who the caller is, and what a key narrows it to. */
  of: Person | null
  scopes: readonly string[] | null
  via: 'session' | 'key' | 'nothing'
  /** Whether the account of the world is his. */
  isInside: boolean
  person: Person | null
}

export async function makeWorld(server: TestServer, replyUrl: string) {
  const { call } = server
  const must = async <T extends { status: number; body: unknown }>(
    answer: Promise<T>,
  ): Promise<T['body']> => {
    const { status, body } = await answer
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body
  }
  const owner = await server.makeUser('agent', { name: 'owner' })
  const list = await must(call('POST /api/lists', { body: { name: `List ${marker}` } }))
  await must(
    call('POST /api/lists/:id/fields', { params: { id: list.id }, body: { name: `Field ${marker}` } }),
  )
  const queue = await must(call('POST /api/openchannel/queues', { body: { name: 'Everybody' } }))
  const account = await must(
    call('POST /api/openchannel/accounts', {
      body: {
        name: `Account ${marker}`,
        description: marker,
        replyUrl: `${replyUrl}?${marker}`,
        listId: list.id,
      },
    }),
  )
  const params = { id: account.id }
  await must(call('PUT /api/openchannel/accounts/:id/agents', { params, body: { ids: [owner.id] } }))
  await must(
    call('PUT /api/openchannel/accounts/:id/actions', {
      params,
      body: { actions: [{ type: 'queue', queueId: queue.id }] },
    }),
  )
  const write = async (
    from: string,
  ): Promise<Record<'interaction' | 'contact' | 'message', { id: number }>> => {
    const form = new FormData()
    form.set('file', new File([marker], `${marker}.txt`))
    const fields = {
      from,
      body: marker,
      mapKey: 'facebook',
      lastName: marker,
      externalUrl: `https://${marker}.example/`,
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const answer = await fetch(account.receiveUrl ?? '', { method: 'POST', body: form })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as Awaited<ReturnType<typeof write>>
  }
  // One waits in the queue, the other is answered.
  await write(`${marker} waits`)
  const { interaction, contact } = await write(marker)
  const ofInteraction = { params: interaction }
  await must(call('PUT /api/openchannel/interactions/:id', { ...ofInteraction, body: { UserId: owner.id } }))
  const said = { OpenchannelInteractionId: interaction.id, direction: 'out' }
  const reply = await must(
    call('POST /api/openchannel/messages', { as: owner, body: { ...said, body: `re: ${marker}` } }),
  )
  await must(
    call('POST /api/openchannel/messages', {
      as: owner,
      body: { ...said, body: `note ${marker}`, secret: true },
    }),
  )
  const messages = await must(call('GET /api/openchannel/interactions/:id/messages', ofInteraction))
  const attachment = messages.rows.find((row) => row.AttachmentId !== null)?.AttachmentId
  const deliveries = await must(call('GET /api/openchannel/deliveries', { query: { accountId: account.id } }))
  const key = await must(call('POST /api/keys', { as: owner, body: { name: marker } }))
  const world: World = {
    accounts: account.id,
    attachments: attachment ?? 0,
    contacts: contact.id,
    deliveries: deliveries.rows[0]?.id ?? 0,
    interactions: interaction.id,
    keys: key.id,
    lists: list.id,
    messages: reply.id,
    queues: queue.id,
    users: owner.id,
  }
  return { world, owner, account, queue }
}

/** Those who have nothing to do with the account, and those whose it is. */
export async function makeCallers(
  server: TestServer,
  account: { id: number; token?: string | undefined },
): Promise<Caller[]> {
  const { call } = server
  const person = (name: string, isInside: boolean, of: Person, who: Person): Caller => ({
    name,
    headers: of.headers,
    of,
    scopes: null,
    via: 'session',
    isInside,
    person: who,
  })
  const withKey = async (
    name: string,
    who: Person,
    isInside: boolean,
    only: string[] | null,
  ): Promise<Caller> => {
    const { headers } = await server.makeKey(who, only as never)
    return { name, headers, of: who, scopes: only, via: 'key', isInside, person: null }
  }
  const nobody = (name: string, headers: Record<string, string>): Caller => ({
    name,
    headers,
    of: null,
    scopes: null,
    via: 'nothing',
    isInside: false,
    person: null,
  })
  const inTeam = async (accountId: number): Promise<Person> => {
    const member = await server.makeUser('agent')
    const team = await call('POST /api/teams', { body: { name: `Team of ${member.email}` } })
    await call('PUT /api/teams/:id/users', { params: team.body, body: { ids: [member.id] } })
    const { body } = await call('GET /api/openchannel/accounts/:id', { params: { id: accountId } })
    await call('PUT /api/openchannel/accounts/:id/teams', {
      params: { id: accountId },
      body: { ids: [...body.teamIds, team.body.id] },
    })
    return member
  }

  const [idle, elsewhere, supervisor, chief, almost] = [
    await server.makeUser('agent'),
    await server.makeUser('agent'),
    await server.makeUser('supervisor'),
    await server.makeUser('supervisor'),
    await server.makeUser(
      permissions.filter((permission) => permission !== 'accounts.all' && permission !== 'keys.manage'),
    ),
  ]
  const other = await server.makeAccount({ name: 'Other', agents: [elsewhere, chief, almost] })
  await server.receive(other, { from: 'elsewhere', body: 'something else', mapKey: 'phone' })
  const [colleague, boss] = [await server.makeUser('agent'), await server.makeUser('supervisor')]
  await server.addAgent(account, colleague)
  await server.addAgent(account, boss)
  const [bare, clerk] = [await server.makeUser([]), await server.makeUser(['tags.manage', 'keys.own'])]
  await server.addAgent(account, bare)
  await server.addAgent(account, clerk)
  const [integrator, reader] = [await server.makeUser('integrator'), await server.makeUser('read-only')]
  const [teamElsewhere, teamInside] = [await inTeam(other.id), await inTeam(account.id)]
  const { admin } = server
  const session = (name: string, who: Person, isInside: boolean): Caller => person(name, isInside, who, who)
  return [
    nobody('nobody', {}),
    nobody('a cookie that is none', { cookie: admin.cookie.replace(/=.*/, '=pbs_0000'), origin: server.url }),
    nobody('the token of the account', { authorization: `Bearer ${account.token}` }),
    nobody('a key that is none', { authorization: 'Bearer pbk_00000000000000000000000000000000' }),
    session('an agent with nothing', idle, false),
    session('an agent of another account', elsewhere, false),
    session('a member of a team of another account', teamElsewhere, false),
    session('a supervisor with nothing', supervisor, false),
    session('a supervisor of another account', chief, false),
    await withKey('a key of an agent of another account', elsewhere, false, null),
    ...(await Promise.all(
      scopes.map((scope) => withKey(`a key of his for ${scope}`, elsewhere, false, [scope])),
    )),
    session('one who may do everything with the accounts that are his', almost, false),
    session('one of the account without any permission', bare, false),
    session('one of the account who may only keep the tags', clerk, false),
    session('an agent of the account', colleague, true),
    session('a member of a team of the account', teamInside, true),
    session('a supervisor of the account', boss, true),
    session('an integrator', integrator, true),
    session('one who may only read', reader, true),
    await withKey('a key of an agent of the account', colleague, true, null),
    session('an admin', admin, true),
    await withKey('a key of an admin', admin, true, null),
    ...(await Promise.all(
      scopes.map((scope) => withKey(`a key of an admin for ${scope}`, admin, true, [scope])),
    )),
  ]
}

const rank = { agent: 0, supervisor: 1, admin: 2 }

/** What the endpoint table says of a role. */
export function isAdmitted(
  { role, permissions }: Pick<Person, 'role' | 'permissions'>,
  access: RestrictedAccess,
): boolean {
  if ('role' in access) return rank[role] >= rank[access.role]
  return permissionsOf(access)?.some((permission) => permissions.has(permission)) ?? true
}

/** What the endpoint table says about the caller, before any object is looked at. */
export function admits({ access }: Endpoint, caller: Caller): 'yes' | 401 | 403 {
  if (access === 'public') return 'yes'
  if (caller.of === null) return 401
  if (access.only === 'session' && caller.via !== 'session') return 403
  if (!isAdmitted(caller.of, access)) return 403
  const { scopes: has } = caller
  return has === null || has.includes('admin') || access.scopes.some((scope) => has.includes(scope))
    ? 'yes'
    : 403
}

export interface Answer {
  status: number
  text: string
}

export type Ask = (request: {
  key: Key
  headers: Record<string, string>
  id?: number
  query?: Record<string, unknown>
  body?: unknown
}) => Promise<Answer>

/** Calls a server as clients do, with the Origin of its own page where there is a cookie. */
export function askAt(origin: string): Ask {
  return async ({ key, headers, id, query = {}, body }) => {
    const [method = '', path = ''] = key.split(' ')
    const url = new URL(path.replace(':id', String(id ?? 0)).replace(/:\w+/, 'x'), origin)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    const answer = await fetch(url, {
      method,
      headers: {
        ...headers,
        ...(headers.cookie && { origin }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text() }
  }
}

/** One sentence for each answer that tells a caller, or lets him do, what is not his. */
export async function findLeaks(
  ask: Ask,
  table: readonly [Key, Endpoint][],
  callers: readonly Caller[],
  world: World,
): Promise<string[]> {
  const leaks: string[] = []
  for (const [key, endpoint] of table)
    for (const caller of callers.filter(({ isInside }) => !isInside))
      for (const request of requestsOf(expectations[key], key, world)) {
        const { status, text } = await ask({ key, headers: caller.headers, ...request })
        const code = /"code":"([A-Z]{2}-\d{3})"/.exec(text)?.[1]
        const found = judge(key, endpoint, caller, { status, text, code }, world)
        if (found)
          leaks.push(`${caller.name} at ${key} ${JSON.stringify(request)}: ${status} ${code ?? ''} ${found}`)
      }
  return leaks
}

/** The calls by which an endpoint could tell or touch the world. */
export function requestsOf(expectation: Expectation, key: Key, world: World) {
  const { kind, body, queries } = expectation
  const object = /(\w+)\/:id/.exec(key)?.[1] as keyof World
  return (queries?.(world, marker) ?? [{}]).map((query) => ({
    ...(key.includes(':id') && { id: (kind === 'hidden' ? world[object] : undefined) ?? 999_999_999 }),
    query,
    ...(body && { body: body(world) }),
  }))
}

function judge(
  key: Key,
  endpoint: Endpoint,
  caller: Caller,
  { status, text, code }: Answer & { code: string | undefined },
  world: World,
): string | undefined {
  const namesAccount = new RegExp(`"\\w*accountId":${world.accounts}\\b`, 'i')
  if (text.includes(marker) || namesAccount.test(text)) return 'tells of it'
  if (status >= 500) return 'breaks'
  const admitted = admits(endpoint, caller)
  const { kind } = expectations[key]
  if (admitted !== 'yes') return status === admitted ? undefined : `is not refused with ${admitted}`
  if (kind === 'hidden') {
    const isRefused = endpoint.access === 'public' && (status === 401 || status === 403)
    return isRefused || (status === 404 && code === 'GE-105')
      ? undefined
      : 'is not told that there is nothing'
  }
  return kind === 'list' && status === 200 ? countsBeyondRows(text) : undefined
}

// Lists here are shorter than a page, so a count above the rows counts what is not shown.
function countsBeyondRows(text: string): string | undefined {
  const { count, rows } = JSON.parse(text) as { count?: number; rows?: unknown[] }
  return count !== undefined && rows && count !== rows.length ? 'counts what it does not show' : undefined
}

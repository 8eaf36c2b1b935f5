/** The checker: every endpoint of the cloud, called by those who have nothing to do with an integration, and by its owner for a secret. */
import { type CloudApi, cloudApi } from '@patchbay/protocol/cloud.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { secret, startTraffic, uid } from '../flows/testing.ts'
import type { Person } from '../testing.ts'

type Key = keyof CloudApi

const cloud = await startTraffic()
const { ctx, centre } = cloud
/** Stands in everything that the owner of the integration alone may see. */
const marker = 'quicksilver'

const owner = await cloud.makeUser({ email: `${marker}@example.com` })
const world = await cloud.bind({
  user_id: owner.id,
  page_name: `Page ${marker}`,
  server_name: `Centre ${marker}`,
  last_failure: `Failed: ${marker}`,
  state_reason: marker,
  facebook_user_id: `person of ${marker}`,
})
const secrets = [secret, uid, 'pbk_key', `token-of-${world.pageId}`, `t-${world.pageId}`]
const stranger = await cloud.makeUser()
await cloud.bind({ user_id: stranger.id })
const leaving = await cloud.makeUser()
await ctx.db.deleteFrom('session').where('user_id', '=', leaving.id).execute()

/**
 * What a stranger gets of an endpoint:
 *   hidden   of somebody else's integration GE-105, as if there were none
 *   own      only what is his
 */
const expectations: Record<Key, 'hidden' | 'own'> = {
  'POST /api/register': 'own',
  'POST /api/verify': 'own',
  'POST /api/session': 'own',
  'DELETE /api/session': 'own',
  'GET /api/me': 'own',
  'PATCH /api/me': 'own',
  'DELETE /api/me': 'own',
  'POST /api/me/password': 'own',
  'POST /api/password-resets': 'own',
  'PUT /api/password-resets': 'own',
  'GET /connect/facebook': 'own',
  'GET /connect/facebook/callback': 'own',
  'GET /api/facebook': 'own',
  'DELETE /api/facebook': 'own',
  'GET /api/pages': 'own',
  'POST /api/targets/check': 'own',
  'POST /api/integrations': 'own',
  'GET /api/integrations': 'own',
  'GET /api/integrations/:id': 'hidden',
  'PATCH /api/integrations/:id': 'hidden',
  'DELETE /api/integrations/:id': 'hidden',
  'POST /api/integrations/:id/check': 'hidden',
  'GET /api/integrations/:id/log': 'hidden',
  'GET /api/integrations/:id/log/:entryId': 'hidden',
  'POST /api/integrations/:id/reconnect': 'hidden',
  'POST /api/pairings': 'own',
  'POST /api/pairings/look': 'own',
  'GET /api/audit': 'own',
}

const target = { receiveUrl: `${centre.url}/api/openchannel/accounts/7/notify?token=x`, apiKey: 'key' }
const password = 'a password long enough'
const bodies: Partial<Record<Key, object>> = {
  'POST /api/register': { email: owner.email, password },
  'POST /api/verify': { email: owner.email, code: '12345678' },
  'POST /api/session': { email: owner.email, password },
  'PATCH /api/me': { locale: 'it' },
  'DELETE /api/me': { password },
  'POST /api/me/password': { currentPassword: password, password: `${password} 2` },
  'POST /api/password-resets': { email: owner.email },
  'PUT /api/password-resets': { email: owner.email, code: '12345678', password },
  'POST /api/targets/check': target,
  'POST /api/integrations': { pageId: world.pageId, ...target },
  'PATCH /api/integrations/:id': { paused: true, wallPosts: false },
  'POST /api/pairings': { codeDigest: 'a'.repeat(64), ...target, secret: 'x', uid: 'x', serverName: 'x' },
  'POST /api/pairings/look': { pairingCode: '0123 4567' },
}

// Signing out comes last: it ends the session by which a caller is known.
const keys = (Object.keys(cloudApi) as Key[]).sort(
  (a, b) => Number(a === 'DELETE /api/session') - Number(b === 'DELETE /api/session'),
)

interface Answer {
  status: number
  /** Head and body. */
  text: string
  code: string | undefined
}
type Ask = (key: Key, as: Person | null) => Promise<Answer>

const ask: Ask = async (key, as) => {
  const [method, template = ''] = key.split(' ')
  const body = bodies[key]
  const answer = await fetch(
    `${cloud.url}${template.replace(':id', String(world.id)).replace(':entryId', '1')}`,
    {
      method: method ?? 'GET',
      redirect: 'manual',
      headers: { ...as?.headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    },
  )
  const text = await answer.text()
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json')
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined
  return { status: answer.status, text: `${JSON.stringify([...answer.headers])}\n${text}`, code }
}

async function findLeaks(asking: Ask): Promise<string[]> {
  const leaks: string[] = []
  for (const [name, as] of [
    ['nobody', null],
    ['a stranger', stranger],
    ['somebody who is signed out', leaving],
  ] as const)
    for (const key of keys) {
      const { status, text, code } = await asking(key, as)
      // His own address is known to whoever says it.
      if (text.replaceAll(owner.email, '').includes(marker))
        leaks.push(`${key} shows ${name} what is not his`)
      leaks.push(...secretsIn(text).map(() => `${key} shows ${name} a secret`))
      const access: Endpoint['access'] = cloudApi[key].access
      if (access === 'public') continue
      if (as !== stranger && status !== 401) leaks.push(`${key} answers ${name} ${status}`)
      if (as === stranger && expectations[key] === 'hidden' && code !== 'GE-105')
        leaks.push(`${key} answers ${name} ${status} ${code}`)
    }
  return leaks
}

const secretsIn = (text: string): string[] => secrets.filter((one) => text.includes(one))

async function digestOfWorld(): Promise<unknown> {
  const { rows } =
    await sql`select md5(string_agg(t::text, '|')) as digest from integration t where id = ${world.id}`.execute(
      ctx.db,
    )
  const user =
    await sql`select md5(string_agg(t::text, '|')) as digest from app_user t where id = ${owner.id}`.execute(
      ctx.db,
    )
  return [rows, user.rows]
}

test('every endpoint has its line, and those of one integration hide it', () => {
  expect(keys.filter((key) => key.includes(':id') && expectations[key] !== 'hidden')).toEqual([])
})

test('whoever has nothing to do with an integration is told nothing of it and changes nothing in it, by any endpoint', async () => {
  const before = await digestOfWorld()
  expect(await findLeaks(ask)).toEqual([])
  expect(await digestOfWorld()).toEqual(before)
})

test('its owner is shown the integration, and no token, key or secret of it, by any endpoint', async () => {
  const told: string[] = []
  for (const key of keys.filter((one) => !one.startsWith('DELETE '))) {
    const { text } = await ask(key, owner)
    expect(secretsIn(text), key).toEqual([])
    told.push(text)
  }
  expect(told.filter((text) => text.includes(`Page ${marker}`)).length).toBeGreaterThanOrEqual(3)
})

test('no page for operators and builders names an integration or a secret', async () => {
  for (const path of [
    '/metrics',
    '/healthz',
    '/readyz',
    '/api/openapi.json',
    '/docs/errors',
    '/',
    '/nothing',
  ]) {
    const text = await (await fetch(`${cloud.url}${path}`)).text()
    expect([path, text.includes(marker), secretsIn(text)]).toEqual([path, false, []])
  }
})

test('negative control: an endpoint that shows somebody else’s integration, a secret, or lets in whoever asks, is told', async () => {
  const open: Ask = async () => ({ status: 200, text: `Page ${marker} ${secret}`, code: undefined })
  const leaks = await findLeaks(open)
  expect(leaks).toContain('GET /api/integrations shows a stranger what is not his')
  expect(leaks).toContain('GET /api/me shows nobody a secret')
  expect(leaks).toContain('PATCH /api/integrations/:id answers a stranger 200 undefined')
  expect(leaks).toContain('GET /api/pages answers somebody who is signed out 200')
})

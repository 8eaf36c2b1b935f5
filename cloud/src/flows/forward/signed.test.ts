import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import * as lanes from '../../lanes/lanes.ts'
import { wordsOf } from '../../texts/say.ts'
import { type Heard, secret, soon, startTraffic, uid } from '../testing.ts'

const { centre, bind, messaging, reply, graph, ctx } = await startTraffic()
const newSecret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const of = (pageId: string, end: string) =>
  centre.to(end).filter(({ query }) => query.get('token') === `t-${pageId}`)

function isSigned({ raw, headers }: Heard, by: string): boolean {
  try {
    new Webhook(by).verify(raw.toString(), headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}

const unsigned = { status: 401, body: { code: 'OC-117', detail: 'It has to be signed.' } }

test('messages, events and receipts are signed with the secret of the account, as any library of Standard Webhooks verifies', async () => {
  const { pageId } = await bind()
  await messaging(pageId, { message: { mid: 'm_signed', text: 'Hello ✍' } })
  graph.answer = ({ path }) =>
    path.endsWith(`/${pageId}/messages`)
      ? { status: 400, body: { error: { message: 'no', code: 551 } } }
      : undefined
  await reply(pageId)
  await expect.poll(() => of(pageId, '/receipts'), soon).toHaveLength(1)
  const heard = [...of(pageId, '/notify'), ...of(pageId, '/events'), ...of(pageId, '/receipts')]
  expect(heard.length).toBeGreaterThanOrEqual(3)
  expect(heard.map((one) => isSigned(one, secret))).toEqual(heard.map(() => true))
  expect(heard.map((one) => isSigned(one, newSecret))).toEqual(heard.map(() => false))
  graph.answer = () => undefined
})

test('what is sent again is signed under the same id', async () => {
  const { pageId } = await bind()
  let isAway = true
  centre.answer = ({ path }) => {
    if (!path.endsWith('/notify') || !isAway) return undefined
    isAway = false
    return { status: 503 }
  }
  await messaging(pageId, { message: { mid: 'm_again', text: 'Hello' } })
  await expect.poll(() => of(pageId, '/notify'), soon).toHaveLength(2)
  const ids = of(pageId, '/notify').map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(1)
  centre.answer = () => undefined
})

test('when the account has a new secret it is asked for once it is missed, kept sealed, and nothing waits for a person', async () => {
  const { id, pageId } = await bind()
  centre.answer = (heard) => {
    if (heard.path.endsWith('/accounts/7/secret')) return { body: { secret: newSecret, uid } }
    const isOurs = heard.query.get('token') === `t-${pageId}`
    return isOurs && !isSigned(heard, newSecret) ? unsigned : undefined
  }
  await messaging(pageId, { message: { mid: 'm_rotated', text: 'Hello' } })
  await expect
    .poll(() => of(pageId, '/events').filter((one) => isSigned(one, newSecret)), soon)
    .toHaveLength(1)
  expect(of(pageId, '/notify').map((one) => isSigned(one, newSecret))).toEqual([false, true])
  const asked = centre.to('/accounts/7/secret')
  expect(asked.map(({ body, headers }) => [body, headers.authorization])).toEqual([[{}, 'Bearer pbk_key']])
  const { rows } = await ctx.pool.query(
    'select secret_sealed, failures_in_row from integration where id = $1',
    [id],
  )
  expect(rows[0].failures_in_row).toBe(0)
  expect(rows[0].secret_sealed.toString('latin1')).not.toContain(newSecret.slice(6))
  expect(await reply(pageId, {}, { signedBy: newSecret })).toMatchObject({ status: 200 })
  centre.answer = () => undefined
})

test('an account that takes none of our signatures is held, and the health says to reconnect, until it was done', async () => {
  const { id, pageId } = await bind()
  centre.answer = ({ path, query }) => {
    if (path.endsWith('/accounts/7/secret')) return { body: { secret, uid } }
    return query.get('token') === `t-${pageId}` ? unsigned : undefined
  }
  await messaging(pageId, { message: { mid: 'm_never', text: 'Hello' } })
  const health = async () => {
    const { rows } = await ctx.pool.query(
      'select last_failure, failures_in_row from integration where id = $1',
      [id],
    )
    return { words: wordsOf(rows[0].last_failure ?? '', 'en'), failures: rows[0].failures_in_row }
  }
  await expect
    .poll(health, soon)
    .toEqual({ words: expect.stringMatching(/has another one than we do: reconnect\.$/), failures: 1 })
  expect(of(pageId, '/notify')).toHaveLength(1)
  const isHeld = async () =>
    (await ctx.pool.query('select 1 from lane_end where integration_id = $1 and held_until > now()', [id]))
      .rowCount
  await expect.poll(isHeld, soon).toBe(1)
  centre.answer = () => undefined
  // As reconnecting does.
  await lanes.freeEnds(ctx.db, id)
  await expect.poll(async () => (await health()).failures, soon).toBe(0)
})

// What is written for many at once must be what is written for each alone: the same rows, the same refusals.
import { expect, test } from 'vitest'
import { testDeliveries } from './testing.ts'

const world = await testDeliveries()
const { pool } = world
let lastAccount = 0

interface Send {
  interaction: number
  text?: string
  viewer?: number
  account?: number
  clientId?: string
  seenSeq?: number
  mustBeTaken?: boolean
  secret?: boolean
}

const replyAlone = async (send: Send) =>
  (
    await pool.query('select * from reply($1, $2, $3, null, 1, $4, $5, $6, $7, $8, $9, $10)', [
      ...[send.interaction, send.viewer ?? null, send.account ?? null, send.secret ?? false],
      ...[[send.text ?? 'Hello'], [null], send.clientId ?? null, send.seenSeq ?? null, 'desk'],
      send.mustBeTaken ?? false,
    ])
  ).rows[0]

async function replyTogether(sends: readonly Send[]) {
  const given = sends.map((send, place) => ({
    place,
    interaction_id: send.interaction,
    viewer_id: send.viewer ?? null,
    account_id: send.account ?? null,
    contact_id: null,
    user_id: 1,
    secret: send.secret ?? false,
    bodies: [send.text ?? 'Hello'],
    attachment_ids: [null],
    client_id: send.clientId ?? null,
    seen_seq: send.seenSeq ?? null,
    sent_by: 'desk',
    must_be_taken: send.mustBeTaken ?? false,
  }))
  const { rows } = await pool.query('select * from reply_to_many($1)', [JSON.stringify(given)])
  return rows.toSorted((a, b) => a.place - b.place)
}

/** All rows of an interaction, without what is never twice the same. */
async function rowsOf(interactionId: number): Promise<string> {
  const without = `'{id,message_id,last_message_id,interaction_id,delivery_id,thread_id,webhook_id,client_id}'::text[]`
  const { rows } = await pool.query<{ part: string; found: unknown }>(
    `select 'interaction' as part, jsonb_agg(to_jsonb(r) - ${without} order by r.id) as found from interaction r where id = $1
     union all select 'message', jsonb_agg(to_jsonb(r) - ${without} order by r.id) from message r where interaction_id = $1
     union all select 'event', jsonb_agg(to_jsonb(r) - ${without} order by r.seq) from event r where interaction_id = $1
     union all select 'lane', jsonb_agg(to_jsonb(r) - ${without} order by r.purpose) from lane r where interaction_id = $1
     union all select 'delivery', jsonb_agg(to_jsonb(r) - ${without} order by r.id) from delivery r where interaction_id = $1
     union all select 'attempt', jsonb_agg(to_jsonb(r) - ${without} order by r.id) from delivery_attempt r
       where delivery_id in (select id from delivery where interaction_id = $1)`,
    [interactionId],
  )
  // An instant says only that it is there.
  return JSON.stringify(rows, null, 1).replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"then"')
}

async function fresh(count: number): Promise<number[]> {
  const made = await world.answers(++lastAccount, 'http://127.0.0.1:1', count, 0)
  return made.map(({ interactionId }) => interactionId)
}

test('answers that are written together leave what each would leave alone, also two to one interaction, in their order', async () => {
  const [alone = 0, first = 0, second = 0, twiceAlone = 0, twice = 0] = await fresh(5)
  await replyAlone({ interaction: alone })
  await replyAlone({ interaction: twiceAlone, text: 'one' })
  await replyAlone({ interaction: twiceAlone, text: 'two' })
  const sent = await replyTogether([
    { interaction: twice, text: 'one' },
    { interaction: first },
    { interaction: twice, text: 'two' },
    { interaction: second, clientId: 'c' },
  ])
  expect(sent.map(({ outcome, newest }) => [outcome, newest])).toEqual([
    ['sent', 1],
    ['sent', 1],
    ['sent', 2],
    ['sent', 1],
  ])
  expect(sent.map(({ messages }) => messages[0].body)).toEqual(['one', 'Hello', 'two', 'Hello'])
  expect(await rowsOf(first)).toBe(await rowsOf(alone))
  expect(await rowsOf(second)).toBe(await rowsOf(alone))
  expect(await rowsOf(twice)).toBe(await rowsOf(twiceAlone))
})

test('what is refused alone is refused together with the same reason, and nothing is stored of it', async () => {
  const [taken = 0, closed = 0, late = 0, held = 0, plain = 0] = await fresh(5)
  await pool.query('update interaction set closed_at = now() where id = $1', [closed])
  await pool.query(`update interaction set window_until = now() - interval '1 s' where id = $1`, [late])
  await pool.query('update interaction set seq = 5 where id = $1', [held])
  await pool.query(
    `insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
     values ($1, $2, 1, 5, 'in', 'wait', 'received')`,
    [held, lastAccount],
  )
  await replyAlone({ interaction: taken, clientId: 'once' })
  const sends: Send[] = [
    { interaction: closed },
    { interaction: late },
    { interaction: held, seenSeq: 4 },
    { interaction: plain, viewer: 77 },
    { interaction: 999_999 },
  ]
  // One to an interaction in each group, so that only its own reason can hold it back.
  const rest: Send[] = [
    { interaction: plain, account: 12_345 },
    { interaction: plain, mustBeTaken: true },
    { interaction: taken, clientId: 'once' },
  ]
  const alone: { outcome: string }[] = []
  for (const send of [...sends, ...rest]) alone.push(await replyAlone(send))
  const together = [...(await replyTogether(sends))]
  for (const send of rest) together.push(...(await replyTogether([send])))
  const reasons = ['closed', 'late', 'held', 'missing', 'missing', 'elsewhere', 'untaken', 'repeated']
  expect(alone.map(({ outcome }) => outcome)).toEqual(reasons)
  // Whether an interaction is there or locked is not known before its lock was asked for: it is then written alone.
  expect(together.map(({ outcome }) => outcome)).toEqual(reasons.with(4, 'busy'))
  expect(await rowsOf(plain)).not.toContain('Hello')
})

test.each([1, 2])(
  'outcomes that are written together leave what each would leave alone, with %d answers owed',
  async (owed) => {
    const made = await world.answers(++lastAccount, 'http://127.0.0.1:1', 3, owed)
    const { rows: claims } = await pool.query('select * from claim_lanes(10, 30000, null, $1)', [[]])
    const settlements = made.map(({ interactionId }, place) => {
      const claim = claims.find(({ interaction_id }) => interaction_id === interactionId)
      return {
        ...{ place, interaction_id: interactionId, account_id: lastAccount, purpose: 0, fence: claim.fence },
        ...{
          delivery_id: claim.head_id,
          message_id: claim.head_message_id,
          message_status: 'queued',
          attempt: 1,
        },
        ...{
          state: 'delivered',
          delay_ms: 0,
          status: 200,
          reason: null,
          channel_id: 'theirs',
          duration_ms: 3,
        },
        ...{ started_at: new Date(), request_body: 'asked', response_body: 'said', details: { url: 'x' } },
      }
    })
    const [alone, ...others] = settlements
    const bySelf = await pool.query('select * from settle_one_by_one($1, 30000, false)', [
      JSON.stringify([alone]),
    ])
    const together = await pool.query('select * from settle_deliveries($1, 30000, false)', [
      JSON.stringify(others),
    ])
    for (const row of [...bySelf.rows, ...together.rows])
      expect(row).toMatchObject({ outcome: 'settled', head_attempts: owed === 1 ? null : 0 })
    const [first = 0, ...rest] = made.map(({ interactionId }) => interactionId)
    for (const one of rest) expect(await rowsOf(one)).toBe(await rowsOf(first))
  },
)

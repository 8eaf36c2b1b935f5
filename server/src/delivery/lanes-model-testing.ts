/** Programs of answers, moods of an endpoint, deaths and pauses of workers, probes and replays; and what must be true after any of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DoorError } from '@patchbay/kit/door-error.ts'
import fc from 'fast-check'
import { detailsOf } from './attempt-details.ts'
import { claim, type Delivery, type Lane } from './lanes.ts'
import { createSettler } from './settler.ts'
import { type testDeliveries, until } from './testing.ts'

type Mood = 'yes' | 'no' | 'later' | 'reset'

export type Command =
  | { do: 'answer'; interaction: number; parts: number }
  | { do: 'mood'; mood: Mood }
  /** Somebody claims what is due, and dies with it; he may have called before. */
  | { do: 'die'; afterCall: boolean }
  /** Somebody claims what is due, sleeps beyond his lease, and then says that it was refused. */
  | { do: 'pause' }
  | { do: 'probe' }
  | { do: 'replay' }
  | { do: 'wait'; ms: number }
  /** Until the endpoint has been called. */
  | { do: 'called' }

const INTERACTIONS = 3

export const programs: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        interaction: fc.nat(INTERACTIONS - 1),
        parts: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('mood' as const),
        mood: fc.constantFrom<Mood>('yes', 'no', 'later', 'later', 'reset'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), afterCall: fc.boolean() }) },
    { weight: 2, arbitrary: fc.constant<Command>({ do: 'pause' }) },
    { weight: 2, arbitrary: fc.constant<Command>({ do: 'probe' }) },
    { weight: 2, arbitrary: fc.constant<Command>({ do: 'replay' }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40) }) },
  ),
  { minLength: 4, maxLength: 25 },
)

interface Called {
  messageId: number
  webhookId: string
  attempt: number
  mood: Mood
  /** The dead call without leaving a record. */
  isRecorded: boolean
}

const SHORT_LEASE_MS = 30

/** Runs a program to its end, with the endpoint in a good mood then; answers one sentence for each promise that was broken. */
export async function run(
  world: Awaited<ReturnType<typeof testDeliveries>>,
  accountId: number,
  program: readonly Command[],
  /** The sleeper awakes while the endpoint has the call of whoever took over, and speaks before it answers; else after a while. */
  isAwokenInCall = false,
): Promise<string[]> {
  const { pool } = world
  const reached = Promise.withResolvers<void>()
  const spoken = Promise.withResolvers<void>()
  let mood: Mood = 'yes'
  const calls: Called[] = []
  const there = await world.receiver((response, { messageId, webhookId, attempt, headers }) => {
    const now = mood
    reached.resolve()
    const answer = () => {
      const isRecorded = headers['x-dead'] === undefined
      const before = calls.findLast((call) => call.messageId === messageId && call.isRecorded)
      // A kept connection that breaks is replaced, and the same attempt sent again at once.
      const isEcho = isRecorded && before?.mood === 'reset' && before.attempt === attempt
      if (isEcho) before.mood = now
      else calls.push({ messageId, webhookId, attempt, mood: now, isRecorded })
      if (now === 'reset') response.destroy()
      else response.writeHead({ yes: 200, no: 400, later: 503 }[now]).end()
    }
    if (isAwokenInCall) void spoken.promise.then(answer)
    else answer()
  })
  // Whoever slept and was not replaced is given the next delivery of the lane, and does nothing with it.
  const settler = createSettler({ pool, leaseMs: SHORT_LEASE_MS, log: world.log })
  const interactions = await world.answers(accountId, there.url, INTERACTIONS, 0)
  const messages: number[][] = interactions.map(() => [])
  /** Refused by the word of a worker who had slept and whom nobody had replaced. */
  const refusedByWord = new Set<number>()
  const late: Promise<void>[] = []

  const takeOne = async (): Promise<{ lane: Lane; head: Delivery } | undefined> => {
    const { lanes } = await claim(pool, 1, SHORT_LEASE_MS, { only: [accountId * 4] })
    const [lane] = lanes
    return lane?.head ? { lane, head: lane.head } : undefined
  }
  const pause = async (): Promise<void> => {
    const taken = await takeOne()
    if (!taken) return
    const attempt = {
      number: taken.head.attempts + 1,
      startedAt: new Date(),
      durationMs: 1,
      requestBody: 'paused',
      responseBody: null,
      details: detailsOf({ url: '', headers: {}, body: '' }, new DoorError('reset', ''), []),
    }
    const outcome = {
      verdict: 'failed' as const,
      status: 400,
      reason: 'late',
      retryAfterMs: undefined,
      channelId: null,
      attempt,
    }
    late.push(
      (isAwokenInCall ? reached.promise : sleep(SHORT_LEASE_MS + 90)).then(async () => {
        const { rows } = await pool.query<{ status: string }>('select status from message where id = $1', [
          taken.head.messageId,
        ])
        const { outcome: said } = await settler.settle({
          lane: taken.lane,
          delivery: taken.head,
          messageStatus: rows[0]?.status ?? '',
          state: 'failed',
          delayMs: 0,
          outcome,
        })
        const { rows: lanes } = await pool.query<{ fence: number }>(
          'select fence from lane where interaction_id = $1 and purpose = 0',
          [taken.lane.interactionId],
        )
        if (said === 'settled' && lanes[0]?.fence === taken.lane.fence)
          refusedByWord.add(taken.head.messageId ?? 0)
        spoken.resolve()
      }),
    )
  }
  const die = async (afterCall: boolean): Promise<void> => {
    const taken = await takeOne()
    if (!taken || !afterCall) return
    await fetch(there.url, {
      method: 'POST',
      headers: { 'webhook-id': taken.head.webhookId, 'x-dead': '1' },
      body: JSON.stringify({ id: taken.head.messageId }),
    }).catch(() => {})
  }
  const probe = () =>
    pool.query(`update endpoint set probe_at = now() where account_id = $1 and state = 'open'`, [accountId])

  const startEngines = () => [1, 2].map(() => world.engine({ retryDelayMs: () => 5, limits: { pollMs: 20 } }))
  // Whoever is to be awoken in a call must have slept first.
  let engines = isAwokenInCall ? [] : startEngines()
  for (const command of program) {
    if (command.do === 'mood') mood = command.mood
    if (command.do === 'wait') await sleep(command.ms)
    if (command.do === 'called') await reached.promise
    if (command.do === 'die') await die(command.afterCall)
    if (command.do === 'pause') await pause()
    if (command.do === 'probe') await probe()
    if (command.do === 'replay')
      await pool.query(
        `select replay_delivery(id) from delivery where account_id = $1 and state in ('failed', 'dead') and replayed_as is null
         order by id limit 1`,
        [accountId],
      )
    if (command.do === 'answer') {
      const bodies = Array.from({ length: command.parts }, () => 'x')
      // Without a ring, so that whoever is to die or to sleep may come first.
      const { rows } = await pool.query<{ messages: { id: number }[] }>(
        'select messages from reply($1, null, null, null, 1, false, $2, $3, null, null, null, false)',
        [interactions[command.interaction]?.interactionId, bodies, bodies.map(() => null)],
      )
      messages[command.interaction]?.push(...(rows[0]?.messages.map(({ id }) => id) ?? []))
    }
  }
  if (isAwokenInCall) engines = startEngines()
  await Promise.all(late)
  mood = 'yes'
  let stranded = 0
  const isDone = async (): Promise<boolean> => {
    await probe()
    // In a lane that is neither due at some time nor parked nobody will ever look.
    const { rows } = await pool.query<{ pending: number; stranded: number }>(
      `select count(*)::int as pending, count(*) filter (where l.next_at is null and l.parked_at is null)::int as stranded
       from delivery d left join lane l on l.interaction_id = d.interaction_id and l.purpose = 0
       where d.account_id = $1 and d.state = 'pending'`,
      [accountId],
    )
    stranded = rows[0]?.stranded ?? 0
    return rows[0]?.pending === stranded
  }
  const breaches: string[] = []
  await until(isDone).catch(() => breaches.push('a delivery had no end'))
  if (stranded > 0) breaches.push('a delivery never ended')
  await Promise.all(engines.map((engine) => engine.stop()))

  const { rows } = await pool.query<{ id: number; status: string; attempts: number }>(
    `select m.id, m.status, (select count(*)::int from delivery_attempt t join delivery d on d.id = t.delivery_id
       where d.message_id = m.id and t.request_body <> 'paused') as attempts
     from message m where m.account_id = $1`,
    [accountId],
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  for (const ids of messages)
    breaches.push(...ids.flatMap((id) => judge(id, found.get(id), calls, refusedByWord)))
  for (const ids of messages) breaches.push(...judgeOrder(ids, calls, refusedByWord))
  return breaches
}

function judge(
  id: number,
  found: { status: string; attempts: number } | undefined,
  calls: readonly Called[],
  refusedByWord: ReadonlySet<number>,
): string[] {
  const mine = calls.filter(({ messageId }) => messageId === id)
  const recorded = mine.filter(({ isRecorded }) => isRecorded)
  const last = recorded.at(-1)?.mood
  const breaches: string[] = []
  if (new Set(mine.map(({ webhookId }) => webhookId)).size > 1) breaches.push(`${id} has two webhook ids`)
  if (found?.attempts !== recorded.length)
    breaches.push(`${id} was called ${recorded.length} times, on record are ${found?.attempts}`)
  const wanted = last === 'yes' ? 'sent' : last === 'no' ? 'failed' : undefined
  const isAsSaid = found?.status === wanted || (refusedByWord.has(id) && found?.status === 'failed')
  if (!isAsSaid) breaches.push(`${id} is ${found?.status}, its last call was answered ${last}`)
  return breaches
}

/** Nobody is called with an answer before the one before it has come to an end. */
function judgeOrder(
  ids: readonly number[],
  calls: readonly Called[],
  refusedByWord: ReadonlySet<number>,
): string[] {
  const firstCall = (id: number) => calls.findIndex(({ messageId }) => messageId === id)
  const end = (id: number) =>
    calls.findIndex(({ messageId, mood }) => messageId === id && (mood === 'yes' || mood === 'no'))
  return ids.flatMap((id, place) => {
    const before = ids[place - 1]
    if (before === undefined || refusedByWord.has(before) || firstCall(id) < 0) return []
    return end(before) >= 0 && end(before) < firstCall(id) ? [] : [`${id} overtook ${before}`]
  })
}

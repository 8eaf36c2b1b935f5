/** Calls that flows and triggers make of programs elsewhere: made through the guarded door, and noted for the delivery log. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door, DoorRequest, DoorResponse } from '@patchbay/kit/outbound.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { type AttemptDetails, detailsOf } from './attempt-details.ts'
import { keepBody } from './record.ts'

export const callEvents = ['bot', 'web-request', 'trigger'] as const

/** One attempt, as the log keeps it. */
export interface CallAttempt {
  attempt: number
  startedAt: string
  durationMs: number
  status: number | null
  error: string | null
  method: string
  requestBody: string | null
  responseBody: string | null
  details: AttemptDetails
}

/** Of whom it was asked, and of which call this is an attempt. */
export interface CallRecord {
  interactionId: number
  messageId: number | null
  event: (typeof callEvents)[number]
  /** The step of the flow, or the name of the trigger. */
  askedBy: string
  /** The same for every attempt. */
  key: string
  state: 'pending' | 'delivered' | 'failed' | 'dead'
  attemptLimit: number
}

export interface Made {
  answer: DoorResponse | DoorError
  attempt: Omit<CallAttempt, 'attempt' | 'error'>
}

type Wanted = Omit<DoorRequest, 'body' | 'headers'> & { headers: Record<string, string>; body?: string }

/** `secrets` are values that nobody reads in the log. Rejects only when the signal is aborted, which is no answer. */
export async function makeCall(
  door: Pick<Door, 'request'>,
  wanted: Wanted,
  secrets: readonly string[],
): Promise<Made> {
  const startedAt = new Date()
  const startedMs = performance.now()
  const answer = await door.request(wanted).catch((error: unknown) => {
    if (error instanceof DoorError) return error
    throw error
  })
  wanted.signal?.throwIfAborted()
  const { method, url, headers, body } = wanted
  const failed = answer instanceof DoorError
  return {
    answer,
    attempt: {
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - startedMs),
      status: answer.status ?? null,
      method,
      requestBody: body === undefined ? null : keepBody(body, secrets),
      responseBody: failed ? null : keepBody(answer.body, secrets),
      details: detailsOf({ url, headers, body: body ?? '' }, answer, secrets),
    },
  }
}

/** Under the account's word on bodies. A repetition of the same call adds its attempt; nothing is written for what is gone. */
export async function noteCall(
  db: Db,
  record: CallRecord,
  attempt: Made['attempt'],
  error: string | null,
): Promise<void> {
  const { interactionId, messageId, event, askedBy, key, state, attemptLimit } = record
  await sql`
    insert into call_record (account_id, interaction_id, message_id, event, asked_by, key, state, attempt_limit, started_at, attempts)
    select a.id, i.id, ${messageId}::bigint, ${event}, ${askedBy}, ${key}, ${state}, ${attemptLimit}::int, ${attempt.startedAt}::timestamptz,
      jsonb_build_array(case when a.keep_bodies then one else one - 'requestBody' - 'responseBody' end)
    from interaction i join account a on a.id = i.account_id, (select ${JSON.stringify({ ...attempt, error })}::jsonb as one) made
    where i.id = ${interactionId}
    on conflict (key) do update set state = excluded.state, attempts = call_record.attempts || excluded.attempts`.execute(
    db,
  )
}

/** Answers of how many attempts. */
export async function eraseCallBodies(db: Db, accountId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with erased as (
      update call_record set attempts = (
        select jsonb_agg(one - 'requestBody' - 'responseBody' order by place) from jsonb_array_elements(attempts) with ordinality o(one, place))
      where account_id = ${accountId} and (attempts @? '$[*].requestBody ? (@ != null)' or attempts @? '$[*].responseBody ? (@ != null)')
      returning jsonb_array_length(attempts) as count)
    select coalesce(sum(count), 0)::int as count from erased`.execute(db)
  return rows[0]?.count ?? 0
}

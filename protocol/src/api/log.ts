/** The delivery log: every request that came in and every one that went out, with its attempts; and the health drawn from it. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, ListOf, Nullable, paging } from '../endpoint.ts'
import { Timing } from './timing.ts'

const log = { may: 'deliveries.read', scopes: ['admin'] } as const
const health = { may: ['health.read', 'deliveries.read'], scopes: ['interactions:read', 'admin'] } as const

/**
 * in   accepted   stored               duplicate  known by its id    refused  the sender got a 4xx or a 503
 * out  pending    owed; `nextAt`       delivered  answered 2xx       failed   refused for good        dead  given up after the schedule
 */
export const LogState = Type.Union([
  Type.Literal('accepted'),
  Type.Literal('duplicate'),
  Type.Literal('refused'),
  Type.Literal('pending'),
  Type.Literal('delivered'),
  Type.Literal('failed'),
  Type.Literal('dead'),
])
export type LogState = Static<typeof LogState>

export const LogRow = Type.Object({
  id: Type.String({ description: 'Opaque; sorts by nothing.' }),
  at: Type.String({
    format: 'date-time',
    description: 'When it was answered, or for `out` when it was written.',
  }),
  accountId: Id,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  event: Type.String({
    description:
      '`message`, `receipt`, `typing`, `event` come in; `reply` and the events an account subscribed to go out, and so do the calls of flows and triggers: `bot`, `web-request`, `trigger`.',
  }),
  interactionId: Nullable(Id),
  messageId: Nullable(Id),
  deliveryId: Nullable(Id),
  state: LogState,
  status: Nullable(Type.Integer({ description: 'The HTTP status; null when there was no answer.' })),
  code: Nullable(Type.String({ description: 'Of the refusal, such as OC-104.' })),
  reason: Nullable(Type.String()),
  note: Nullable(
    Type.String({ description: 'What was taken although it is unusual, such as a missing content type.' }),
  ),
  askedBy: Nullable(
    Type.String({ description: 'Of a call: the id of the step of the flow, or the name of the trigger.' }),
  ),
  attempt: Type.Integer({ description: 'How many were made.' }),
  attempts: Type.Integer({ description: 'How many there will be at most; 1 for what came in.' }),
  durationMs: Nullable(Type.Number()),
  nextAt: Nullable(Instant),
})
export type LogRow = Static<typeof LogRow>

const Side = Type.Object({
  headers: Type.Record(Type.String(), Type.String(), { description: 'Secrets are blanked.' }),
  body: Nullable(Type.String({ description: 'At most 4 KiB of it; null: not kept.' })),
  sizeBytes: Nullable(Type.Integer({ description: 'Of the whole body.' })),
})

export const LogAttempt = Type.Object({
  attempt: Type.Integer(),
  startedAt: Instant,
  durationMs: Type.Number(),
  status: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
  method: Type.String(),
  url: Type.String({ description: 'Without token, key and signature.' }),
  request: Side,
  response: Side,
  timing: Timing,
})
export type LogAttempt = Static<typeof LogAttempt>

/** A code that the desk has words for, and what was seen. The codes are those of `try-reply`, and of the refusals for what came in. */
export const Diagnosis = Type.Object({ diagnosis: Type.String(), detail: Type.String() })

export const LogEntry = Type.Object({
  row: LogRow,
  attempts: Type.Array(LogAttempt),
  diagnosis: Diagnosis,
  curl: Type.String({ description: 'The request as a command; secrets are named by shell variables.' }),
})
export type LogEntry = Static<typeof LogEntry>

export const Health = Type.Object({
  /** `idle`: nothing was delivered in the last day. `failing`: the breaker is open or most attempts fail. */
  state: Type.Union([
    Type.Literal('idle'),
    Type.Literal('ok'),
    Type.Literal('degraded'),
    Type.Literal('failing'),
    Type.Literal('unconfigured'),
  ]),
  successPercent: Nullable(Type.Number({ description: 'Of the attempts of the last hour.' })),
  p95Ms: Nullable(Type.Number()),
  pending: Type.Integer(),
  dead: Type.Integer(),
  lastFailure: Nullable(
    Type.Object({ at: Instant, status: Nullable(Type.Integer()), reason: Type.String() }),
  ),
  breaker: Type.Object({
    state: Type.Union([Type.Literal('closed'), Type.Literal('open'), Type.Literal('ramping')]),
    since: Nullable(Instant),
    probeAt: Nullable(Instant),
  }),
  alarm: Nullable(Type.Object({ since: Instant, reason: Type.String() })),
})
export type Health = Static<typeof Health>

export const AccountHealth = Type.Object({ accountId: Id, ...Health.properties })
export type AccountHealth = Static<typeof AccountHealth>

export const logApi = {
  'GET /api/openchannel/accounts/:id/log': endpoint({
    summary: 'Requests of an account in both directions, newest first; kept for 14 days',
    tag: 'Delivery log',
    access: log,
    params: IdParams,
    query: Type.Object({
      ...paging,
      direction: Type.Optional(Type.Union([Type.Literal('in'), Type.Literal('out')])),
      state: Type.Optional(
        Type.Array(LogState, { maxItems: 7, description: 'Any of these; all when left out.' }),
      ),
      event: Type.Optional(Type.String({ maxLength: 40 })),
      interactionId: Type.Optional(Id),
      text: Type.Optional(
        Type.String({ maxLength: 200, description: 'Stands in a kept body or in the reason.' }),
      ),
      from: Type.Optional(Instant),
      to: Type.Optional(Instant),
    }),
    response: { 200: ListOf(LogRow) },
  }),
  'GET /api/openchannel/accounts/:id/log/:entryId': endpoint({
    summary: 'One request with its attempts, a diagnosis in words and the command that repeats it',
    tag: 'Delivery log',
    access: log,
    params: Type.Object({ id: Id, entryId: Type.String({ maxLength: 60 }) }),
    response: { 200: LogEntry },
  }),
  'DELETE /api/openchannel/accounts/:id/log': endpoint({
    summary: 'Erase the bodies that the log keeps of an account',
    tag: 'Delivery log',
    access: { may: 'accounts.manage', scopes: ['admin'] },
    params: IdParams,
    response: { 200: Type.Object({ erased: Type.Integer() }) },
  }),
  'GET /api/openchannel/accounts/:id/health': endpoint({
    summary: 'How its deliveries fare',
    tag: 'Delivery log',
    access: health,
    params: IdParams,
    response: { 200: Health },
  }),
  'GET /api/openchannel/health': endpoint({
    summary:
      'How the deliveries of several accounts fare, in one answer; those the caller does not see are left out',
    tag: 'Delivery log',
    access: health,
    query: Type.Object({ accountIds: Type.Array(Id, { minItems: 1, maxItems: 200 }) }),
    response: { 200: Type.Object({ rows: Type.Array(AccountHealth) }) },
  }),
  'GET /api/openchannel/messages/:id/hops': endpoint({
    summary:
      'The way of one message, step by step with times: written, queued, attempts, sent, delivered, read',
    tag: 'Delivery log',
    access: { may: 'openchannel', scopes: ['interactions:read', 'admin'] },
    params: IdParams,
    response: {
      200: Type.Object({
        hops: Type.Array(
          Type.Object({
            /** `written`, `queued`, `attempt`, `sent`, `delivered`, `read`, `failed`, `received`, `stored`. */
            step: Type.String(),
            at: Instant,
            attempt: Nullable(Type.Integer()),
            status: Nullable(Type.Integer()),
            durationMs: Nullable(Type.Number()),
            reason: Nullable(Type.String()),
          }),
        ),
      }),
    },
  }),
}

export const replayApi = {
  'POST /api/openchannel/accounts/:id/replay': endpoint({
    summary: 'Deliver again what failed or was given up since a time, at most so many a second',
    tag: 'Delivery log',
    access: { may: 'deliveries.replay', scopes: ['admin'] },
    params: IdParams,
    body: Type.Object({
      since: Instant,
      perSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
    }),
    response: {
      200: Type.Object({ count: Type.Integer({ description: 'How many deliveries it will make.' }) }),
    },
    refusals: ['RE-101', 'RE-104'],
  }),
}

/** One POST to a Reply URL, and what came of it. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door, DoorResponse } from '@patchbay/kit/outbound.ts'
import { readRetryAfterMs } from '@patchbay/kit/retries.ts'
import { type AttemptDetails, detailsOf } from './attempt-details.ts'
import type { Delivery } from './lanes.ts'
import { keepBody } from './record.ts'
import { signatureHeaders } from './sign.ts'
import { describeStatus, judge, type Verdict } from './verdict.ts'

/** What is posted for a delivery. Made anew for every attempt: addresses in it expire and secrets rotate. */
export interface Parcel {
  /** Of `url`. */
  origin: string
  url: string
  /** What it is called in the settings of the account. */
  name: 'Reply URL' | 'events URL' | 'alarm URL'
  /** JSON. */
  body: string
  /** `whsec_...`, the newest first. */
  secrets: readonly string[]
  /** What in the body must not be kept in the log of attempts. */
  blank: readonly string[]
  /** Whether the log of attempts may keep what is said. */
  keepsBodies: boolean
  /** Of the message, as it was when this was made. */
  messageStatus: string
}

export interface Outcome {
  verdict: Verdict
  status: number | null
  /** A sentence for the agent; null when delivered. */
  reason: string | null
  retryAfterMs: number | undefined
  /** The `id` of a JSON answer. */
  channelId: string | null
  /** Undefined when nothing was sent. */
  attempt:
    | {
        number: number
        startedAt: Date
        durationMs: number
        requestBody: string | null
        responseBody: string | null
        details: AttemptDetails
      }
    | undefined
}

export interface AttemptOptions {
  door: Door
  timeoutMs: number
  userAgent: string
  signal: AbortSignal
}

const RESPONSE_BYTES = 64 * 1024

/** Rejects only when `signal` is aborted, which is no outcome. */
export async function attempt(options: AttemptOptions, delivery: Delivery, parcel: Parcel): Promise<Outcome> {
  const number = delivery.attempts + 1
  const startedAt = new Date()
  const startedMs = performance.now()
  const signature = signatureHeaders(delivery.webhookId, startedAt, parcel.body, parcel.secrets)
  const headers = {
    'content-type': 'application/json',
    'user-agent': options.userAgent,
    'x-attempt': String(number),
    ...signature,
  }
  const { url, body } = parcel
  const answer = await options.door
    .request({
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs: options.timeoutMs,
      maxResponseBytes: RESPONSE_BYTES,
      signal: options.signal,
      repeatable: true,
    })
    .catch(asFailure)
  options.signal.throwIfAborted()
  const blank = [...parcel.blank, ...parcel.secrets, signature['webhook-signature']]
  return {
    ...(answer instanceof DoorError
      ? outcomeOfFailure(answer, parcel.name)
      : outcomeOfAnswer(answer, parcel.name)),
    attempt: {
      number,
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      requestBody: parcel.keepsBodies ? keepBody(parcel.body, blank) : null,
      responseBody: answer instanceof DoorError || !parcel.keepsBodies ? null : keepBody(answer.body, blank),
      details: detailsOf({ url, headers, body }, answer, blank),
    },
  }
}

/** The outcome of a delivery for which there is nothing to post or nowhere to post it. */
export function unsendable(reason: string): Outcome {
  return {
    verdict: 'failed',
    status: null,
    reason,
    retryAfterMs: undefined,
    channelId: null,
    attempt: undefined,
  }
}

function asFailure(error: unknown): DoorError {
  if (error instanceof DoorError) return error
  throw error
}

function outcomeOfAnswer(
  { status, headers, body }: DoorResponse,
  name: Parcel['name'],
): Omit<Outcome, 'attempt'> {
  const retryAfter = headers['retry-after']
  return {
    verdict: judge(status),
    status,
    reason: describeStatus(status, name),
    retryAfterMs: readRetryAfterMs(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now()),
    channelId: judge(status) === 'delivered' ? readChannelId(body) : null,
  }
}

// The status decides as soon as it is there: what follows it, endless, late or cut off, is only kept.
function outcomeOfFailure(error: DoorError, name: Parcel['name']): Omit<Outcome, 'attempt'> {
  const { status = null } = error
  const verdict = status === null ? (error.retryable ? 'retry' : 'failed') : judge(status)
  const reason = status === null ? error.message : describeStatus(status, name)
  return { verdict, status, reason, retryAfterMs: undefined, channelId: null }
}

const MAX_ID_LENGTH = 200

function readChannelId(body: Buffer): string | null {
  const id = member(body.toString('utf8'), 'id')
  const text = typeof id === 'string' ? id.replaceAll('\0', '\u2400').toWellFormed() : null
  return text !== null && text !== '' && text.length <= MAX_ID_LENGTH ? text : null
}

// Numbers are taken as their digits, since ids of channels go beyond what a number holds exactly.
function member(json: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(json, (_key, item: unknown, context?: { source?: string }) =>
      typeof item === 'number' ? (context?.source ?? String(item)) : item,
    )
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined
  } catch {
    return undefined
  }
}

/**
 * The web request of a trigger: a chore, planned in the transaction of the firing and called after it, with retries that end.
 * It may be called twice, when its answer was lost; the header Idempotency-Key is the same both times.
 */

import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { DoorResponse } from '@patchbay/kit/outbound.ts'
import type { RequestHeader } from '@patchbay/protocol/api/actions.ts'
import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { fill } from '../../actions/variables.ts'
import { oneLine } from '../../actions/web-request.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { makeCall, noteCall } from '../../delivery/call-records.ts'
import { describeStatus, judge } from '../../delivery/verdict.ts'
import { publish } from '../../push/push.ts'
import { openHeader } from '../../triggers/header-secrets.ts'
import type { Firing } from './matches.ts'
import { fillBody, fillUrl } from './texts.ts'

type WebRequest = Extract<TriggerAction, { type: 'web-request' }>

interface Call {
  key: string
  trigger: string
  triggerId: number
  interactionId: number
  messageId: number
  method: WebRequest['method']
  url: string
  body: string | null
  /** With variables filled in; a secret one stays sealed, since the plan is kept. Missing in plans of before. */
  headers?: readonly RequestHeader[]
}

const CHORE = 'call-for-trigger'
/** Over some twenty minutes. */
const ATTEMPTS = 7
const TIMEOUT_MS = 10_000

export async function planCall(
  tx: Tx,
  { trigger, message, place }: Firing & { place: number },
  { method, url, body, headers = [] }: WebRequest,
): Promise<void> {
  const { interactionId, messageId, read } = message
  const call: Call = {
    key: `trigger-${trigger.id}-${messageId}-${place}`,
    trigger: trigger.name,
    triggerId: trigger.id,
    interactionId,
    messageId,
    method,
    url: fillUrl(url, read),
    body:
      method === 'GET'
        ? null
        : body
          ? fillBody(body, read)
          : JSON.stringify(usualBody(trigger.name, message)),
    headers: headers.map((header) =>
      header.secret ? header : { ...header, value: fill(header.value ?? '', read, oneLine) },
    ),
  }
  await addChore(tx, CHORE, call, { attempts: ATTEMPTS, isSecondary: true })
}

function usualBody(
  trigger: string,
  { interactionId, messageId, accountId, contactId, direction, body }: Firing['message'],
) {
  return { trigger, direction, body, messageId, interactionId, accountId, contactId }
}

type CallContext = Pick<Context, 'db' | 'door' | 'log' | 'push' | 'sealingKey'>

export function callChores(ctx: CallContext): Chores {
  return {
    [CHORE]: {
      async run(payload, stopping, { isLast }) {
        const call = payload as Call
        const failure = await send(ctx, call, stopping, isLast)
        if (failure === null) return
        if (failure.retry && !isLast) throw new Error(failure.reason)
        const { interactionId, messageId, trigger, triggerId } = call
        const data = { trigger, triggerId: String(triggerId), failed: failure.reason }
        await publish(ctx.db, { interactionId, type: 'triggered', messageId, data })
        ctx.push.ring({ interactions: [interactionId] })
        if (failure.retry) throw new Error(failure.reason)
      },
    },
  }
}

/** The reason is a sentence without the address, which may hold secrets. */
async function send(
  { db, door, log, sealingKey }: CallContext,
  call: Call,
  signal: AbortSignal,
  isLast: boolean,
): Promise<{ reason: string; retry: boolean } | null> {
  const { key, method, url, body, headers: own = [] } = call
  const isJson = body !== null && /^\s*[[{]/.test(body)
  const type = isJson ? 'application/json' : 'text/plain; charset=utf-8'
  const secrets: string[] = []
  const textOf = (header: RequestHeader): string => {
    if (!header.secret) return header.value ?? ''
    const value = openHeader(sealingKey, header)
    secrets.push(value)
    return value
  }
  const headers = {
    'idempotency-key': key,
    ...(body !== null && { 'content-type': type }),
    ...Object.fromEntries(own.map((header) => [header.name.toLowerCase(), textOf(header)])),
  }
  const { answer, attempt } = await makeCall(
    door,
    {
      method,
      url,
      headers,
      ...(body !== null && { body }),
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: 1024,
      signal,
    },
    secrets,
  )
  const failure = failureOf(answer)
  const again = failure?.retry && !isLast
  const { interactionId, messageId, trigger: askedBy } = call
  const state = failure === null ? 'delivered' : again ? 'pending' : failure.retry ? 'dead' : 'failed'
  const record = {
    interactionId,
    messageId,
    event: 'trigger',
    askedBy,
    key,
    state,
    attemptLimit: ATTEMPTS,
  } as const
  await noteCall(db, record, attempt, failure?.reason ?? null).catch((err: unknown) =>
    log.warn({ err, interactionId }, 'the call of a trigger could not be noted'),
  )
  return failure
}

function failureOf(answer: DoorResponse | DoorError): { reason: string; retry: boolean } | null {
  if (answer instanceof DoorError) return { reason: answer.message, retry: answer.retryable }
  const reason = describeStatus(answer.status, 'web request')
  return reason === null ? null : { reason, retry: judge(answer.status) === 'retry' }
}

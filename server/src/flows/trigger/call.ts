/**
 * The web request of a trigger: a chore, planned in the transaction of the firing and called after it, with retries that end.
 * It may be called twice, when its answer was lost; the header Idempotency-Key is the same both times.
 */

import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { RequestHeader } from '@patchbay/protocol/api/actions.ts'
import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { fill } from '../../actions/variables.ts'
import { oneLine } from '../../actions/web-request.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
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

export function callChores(ctx: Pick<Context, 'db' | 'door' | 'push' | 'sealingKey'>): Chores {
  return {
    [CHORE]: {
      async run(payload, stopping, { isLast }) {
        const call = payload as Call
        const failure = await send(ctx, call, stopping)
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
  { door, sealingKey }: Pick<Context, 'door' | 'sealingKey'>,
  { key, method, url, body, headers: own = [] }: Call,
  signal: AbortSignal,
): Promise<{ reason: string; retry: boolean } | null> {
  try {
    const isJson = body !== null && /^\s*[[{]/.test(body)
    const type = isJson ? 'application/json' : 'text/plain; charset=utf-8'
    const headers = {
      'idempotency-key': key,
      ...(body !== null && { 'content-type': type }),
      ...Object.fromEntries(
        own.map((header) => [
          header.name.toLowerCase(),
          header.secret ? openHeader(sealingKey, header) : (header.value ?? ''),
        ]),
      ),
    }
    const { status } = await door.request({
      method,
      url,
      headers,
      ...(body !== null && { body }),
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: 1024,
      signal,
    })
    const reason = describeStatus(status, 'web request')
    return reason === null ? null : { reason, retry: judge(status) === 'retry' }
  } catch (error) {
    if (!(error instanceof DoorError)) throw error
    return { reason: error.message, retry: error.retryable }
  }
}

/** Speaks with the contact centre of an integration: messages, events and receipts to its Receive URL and the siblings of it, files to its API. */

import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { readRetryAfterMs } from '@patchbay/kit/retries.ts'
import { members } from '../channels/values.ts'
import { type FormFile, multipart } from '../forms/multipart.ts'
import type { Carried } from '../lanes/engine.ts'
import { say, sayDoor } from '../texts/say.ts'
import { signatureOf } from './secret.ts'

export interface Centre {
  receiveUrl: string
  apiKey: string
  /** Of the account; everything is signed with it, since some accounts take nothing else. */
  secret: string | null
  /** Another one than that, or undefined: the account may have got a new one. */
  renewSecret(used: string | null): Promise<string | undefined>
}

export type Answered =
  | { ok: true; body: Readonly<Record<string, unknown>> }
  | { ok: false; status: number | null; code: string | null; carried: Carried }

export type Sibling = 'notify' | 'events' | 'receipts'

/** Of signed mode. */
const UNSIGNED = 'OC-117'
const TIMEOUT_MS = 15_000
/** Somebody waits for it. */
const LOOK_WITHIN_MS = 5_000
const UPLOAD_WITHIN_MS = 90_000
/** After which the contact centre, too, forgets a file of a conversation. */
const FILE_SECONDS = 24 * 3600
/** Wrong keys and addresses are somebody's to put right: it is tried again, seldom. */
const REFUSED_MS = 5 * 60_000

export async function tell(door: Door, centre: Centre, sibling: Sibling, told: object): Promise<Answered> {
  const body = JSON.stringify(told)
  const ask = (secret: string | null): Promise<Answered> =>
    call(door, {
      url: siblingOf(centre.receiveUrl, sibling),
      headers: { 'content-type': 'application/json', ...signatureOf(secret, body) },
      body,
      timeoutMs: TIMEOUT_MS,
    })
  const answer = await ask(centre.secret)
  if (answer.ok || answer.code !== UNSIGNED) return answer
  const renewed = await centre.renewSecret(centre.secret)
  const again = renewed === undefined ? answer : await ask(renewed)
  if (again.ok || again.code !== UNSIGNED) return again
  // The key does not open another secret: somebody has to bring a key that does.
  const reason = say('address-signed', { host: new URL(centre.receiveUrl).host })
  return { ...again, carried: { outcome: 'hold', reason, forMs: REFUSED_MS } }
}

/** The file is gone there, too, after a day. */
export async function upload(
  door: Door,
  { receiveUrl, apiKey }: Pick<Centre, 'receiveUrl' | 'apiKey'>,
  file: FormFile,
): Promise<Answered> {
  const form = multipart({}, 'file', file)
  return call(door, {
    url: `${new URL(receiveUrl).origin}/api/attachments?expiresInSeconds=${FILE_SECONDS}`,
    headers: { 'content-type': form.contentType, authorization: `Bearer ${apiKey}` },
    body: form.bytes,
    timeoutMs: UPLOAD_WITHIN_MS,
  })
}

/** What became of a message there, by the key of the integration. */
export async function wayOf(
  door: Door,
  { receiveUrl, apiKey }: Pick<Centre, 'receiveUrl' | 'apiKey'>,
  messageId: number,
): Promise<Answered> {
  const url = new URL(receiveUrl)
  url.pathname = url.pathname.replace(/\/(notify|receive)\/?$/, `/messages/${messageId}/way`)
  url.search = ''
  return call(door, {
    method: 'GET',
    url: url.href,
    headers: { authorization: `Bearer ${apiKey}` },
    timeoutMs: LOOK_WITHIN_MS,
  })
}

export function siblingOf(receiveUrl: string, sibling: Sibling): string {
  const url = new URL(receiveUrl)
  url.pathname = url.pathname.replace(/\/(notify|receive)\/?$/, `/${sibling}`)
  return url.href
}

async function call(
  door: Door,
  request: {
    method?: 'GET' | 'POST'
    url: string
    headers: Record<string, string>
    body?: string | Uint8Array
    timeoutMs: number
  },
): Promise<Answered> {
  const host = new URL(request.url).host
  try {
    const answer = await door.request({
      method: 'POST',
      ...request,
      headers: { ...request.headers, 'user-agent': 'Patchbay-Cloud' },
      repeatable: true,
    })
    const body = parse(answer.body)
    if (answer.status >= 200 && answer.status < 300) return { ok: true, body }
    const header = answer.headers['retry-after']
    const retryAfterMs = readRetryAfterMs(Array.isArray(header) ? header[0] : header, Date.now())
    const code = typeof body.code === 'string' ? body.code : null
    return {
      ok: false,
      status: answer.status,
      code,
      carried: judge(host, answer.status, code, body.detail, retryAfterMs),
    }
  } catch (error) {
    if (!(error instanceof DoorError)) throw error
    return {
      ok: false,
      status: null,
      code: null,
      carried: { outcome: 'again', reason: sayDoor(error, host), isEndAtFault: true },
    }
  }
}

function judge(
  host: string,
  status: number,
  code: string | null,
  detail: unknown,
  retryAfterMs: number | undefined,
): Carried {
  const reason =
    typeof detail === 'string'
      ? say('centre-said', { host, status, text: detail.slice(0, 300) })
      : say('centre-answered', { host, status })
  const after = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }
  if (status === 429 || status === 503)
    return { outcome: 'again', reason, isEndAtFault: status === 503, ...after }
  if (status >= 500 || status === 408 || status === 425)
    return { outcome: 'again', reason, isEndAtFault: true, ...after }
  // A 404 with one of its codes comes from the contact centre, and is about what was said.
  const isOfAddress =
    status < 400 ||
    status === 401 ||
    status === 403 ||
    status === 405 ||
    (status === 404 && (code === null || code === 'OC-101'))
  return isOfAddress ? { outcome: 'hold', reason, forMs: REFUSED_MS } : { outcome: 'dead', reason }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return members(JSON.parse(body.toString('utf8')))
  } catch {
    return {}
  }
}

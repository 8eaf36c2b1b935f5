/** connect: an admin tries an account's two addresses, as a service would see them. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { DoorResponse } from '@patchbay/kit/outbound.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Answer, Body } from '@patchbay/protocol/endpoint.ts'
import type { Caller } from '../../access/endpoint.ts'
import { receiveUrl } from '../../accounts/account-row.ts'
import * as accounts from '../../accounts/accounts.ts'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import { openSecret, openToken } from '../../accounts/secrets.ts'
import { type TextField, textFields } from '../../contacts/contact-row.ts'
import type { Context } from '../../context.ts'
import { detailsOf } from '../../delivery/attempt-details.ts'
import { type Diagnosis, diagnose, diagnoseFailure } from '../../delivery/diagnosis.ts'
import { keepBody } from '../../delivery/record.ts'
import { signatureHeaders } from '../../delivery/sign.ts'
import { version } from '../../version.ts'
import type { Outgoing } from '../../views/outgoing.ts'
import { readAddress } from '../administer/save-account.ts'
import { toReply } from '../deliver/deliver.ts'

type ReceiveTrial = (typeof accountsApi)['POST /api/openchannel/accounts/:id/try-receive']
type ReplyTrial = (typeof accountsApi)['POST /api/openchannel/accounts/:id/try-reply']

const WITHIN_MS = 15_000

/** Posts over real HTTP to the listener at which the caller's own request arrived. */
export async function tryReceive(
  ctx: Context,
  caller: Caller,
  accountId: number,
  socket: Socket,
  sample: Body<ReceiveTrial>,
): Promise<Answer<ReceiveTrial>> {
  const row = await accounts.find(ctx.db, caller, accountId)
  const token = openToken(ctx.sealingKey, row.uid, row.token_sealed)
  const text = JSON.stringify({ mapKey: row.map_key ?? 'phone', ...sample })
  // Of the secrets the newest does: what is tried is the address, not the sender's own signing.
  const secret = openSecret(ctx.sealingKey, row.uid, row.secret_sealed)
  const signature = row.require_signature
    ? signatureHeaders(`try_${randomUUID()}`, new Date(), text, [secret])
    : {}
  const startedMs = performance.now()
  const response = await fetch(receiveUrl(originOf(socket), accountId, token), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature },
    body: text,
    redirect: 'manual',
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch((error) => {
    ctx.log.warn({ err: error, accountId }, 'the trial of a Receive URL got no answer')
    throw new Refusal('GE-109', 'The Receive URL did not answer.', { retryAfterSeconds: 5 })
  })
  const body = await response.text()
  return {
    status: response.status,
    durationMs: Math.round(performance.now() - startedMs),
    interactionId: interactionOf(body),
    body: keepBody(body, [token]),
  }
}

/** Through the same door as every delivery, so that what is refused here is refused there. */
export async function tryReply(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  accountId: number,
  replyUrl: string | undefined,
): Promise<Answer<ReplyTrial>> {
  const row = await accounts.find(ctx.db, caller, accountId)
  const account = directory.get(accountId)
  if (!account) throw new Refusal('GE-105')
  const url = replyUrl === undefined ? row.reply_url : tolerant(replyUrl)
  if (url === '') return notSent({ code: 'no-reply-url', detail: 'The account has no Reply URL yet.' })

  const body = JSON.stringify(toReply(account, sampleOf(account, caller), null))
  const signature = signatureHeaders(`test_${randomUUID()}`, new Date(), body, account.secrets())
  const headers = {
    'content-type': 'application/json',
    'user-agent': `Patchbay/${version}`,
    'x-attempt': '1',
    ...signature,
  }
  const startedMs = performance.now()
  const answer = await ctx.door
    .request({ method: 'POST', url, headers, body, timeoutMs: WITHIN_MS })
    .catch(asFailure)
  const durationMs = Math.round(performance.now() - startedMs)
  const failed = answer instanceof DoorError
  const secrets = [...account.secrets(), signature['webhook-signature']]
  const details = detailsOf({ url, headers, body }, answer, secrets)
  const { dnsMs, connectMs, tlsMs, firstByteMs } = details
  const { code, detail } = failed ? diagnoseFailure(answer) : diagnose(answer.status, durationMs)
  return {
    ok: code === 'ok',
    status: answer.status ?? null,
    durationMs,
    body: failed ? '' : keepBody(answer.body, secrets),
    diagnosis: code,
    detail,
    headers: details.responseHeaders ?? {},
    request: { headers: details.requestHeaders, body },
    timing: { dnsMs, connectMs, tlsMs, firstByteMs },
  }
}

// Only the port is told apart by what a service could use: the host in PUBLIC_URL may lead through a proxy that is not there yet.
function originOf(socket: Socket): string {
  const { address, port } = socket.address() as AddressInfo
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

function interactionOf(body: string): number | null {
  try {
    const answer = JSON.parse(body) as { interaction?: { id?: unknown } } | null
    const id = answer?.interaction?.id
    return typeof id === 'number' ? id : null
  } catch {
    return null
  }
}

// The door has words of its own for an address that cannot be used, and a trial answers with words rather than a refusal.
function tolerant(replyUrl: string): string {
  try {
    return readAddress(replyUrl, 'replyUrl')
  } catch (error) {
    if (error instanceof Refusal) return replyUrl.trim()
    throw error
  }
}

function notSent({ code, detail }: Diagnosis): Answer<ReplyTrial> {
  return {
    ok: false,
    status: null,
    durationMs: 0,
    body: '',
    diagnosis: code,
    detail,
    headers: {},
    request: { headers: {}, body: '' },
    timing: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null },
  }
}

function asFailure(error: unknown): DoorError | DoorResponse {
  if (error instanceof DoorError) return error
  throw error
}

// The shape of a real answer, with a contact and an interaction that do not exist.
function sampleOf(account: AccountEntry, caller: Caller): Outgoing {
  const { id, name, fullname } = caller.user
  const empty = Object.fromEntries(textFields.map((field) => [field, null])) as Record<TextField, null>
  return {
    messageId: 1,
    status: 'sending',
    body: 'This is a test of the Reply URL. No customer wrote, and nothing needs to be passed on.',
    accountId: account.id,
    interaction: {
      id: 1,
      to: null,
      threadId: null,
      externalUrl: null,
      subject: null,
      createdAt: new Date().toISOString(),
    },
    contact: {
      id: 1,
      ...empty,
      firstName: 'Test',
      lastName: 'Customer',
      phone: '+10000000000',
      tags: [],
      ListId: account.listId,
    },
    agent: { id, name, fullname },
    file: null,
  }
}

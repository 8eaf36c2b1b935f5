/** Asks a contact centre whether an address and a key are good, and for the secret with which an account signs its answers. */

import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door, DoorResponse } from '@patchbay/kit/outbound.ts'
import type { CheckResult } from '@patchbay/protocol/api/cloud-integrations.ts'
import { siblingOf } from '../../centre/centre.ts'
import { askSecret, readSecret, signatureOf } from '../../centre/secret.ts'
import { readReceiveUrl, type Target } from '../../integrations/target.ts'
import { refusal } from '../../texts/refusal.ts'
import { say, sayDoor, toSaid } from '../../texts/say.ts'

type Check = CheckResult['checks'][number]
type Asking = Pick<Door, 'request'>

const WITHIN_MS = 10_000
/** No upload has it, so only whether the key is taken is learnt. */
const NO_ATTACHMENT = 9_007_199_254_740_991

/** Asks for the secret, and never for a new one; throws CL-106 or CL-107. */
export async function fetchTarget(
  door: Asking,
  given: { receiveUrl: string; apiKey: string },
  serverName: string | null = null,
): Promise<Target> {
  const { origin, accountId, host } = readReceiveUrl(given.receiveUrl)
  const answer = await askSecret(door, { origin, accountId, apiKey: given.apiKey }).catch(
    (error: unknown) => {
      throw refusal('CL-107', whyNot(error, host), { field: 'receiveUrl' })
    },
  )
  const found = readSecret(answer)
  // Where all is well, signed at once: an account may take nothing else, and would show a refusal.
  const address = await lookAtAddress(door, given.receiveUrl, found?.secret)
  if (!address.ok) throw refusal('CL-107', address.said, { field: 'receiveUrl' })
  if (answer.status !== 200)
    throw refusal('CL-107', keyWords(host, answer, 'accounts:secret'), { field: 'apiKey' })
  if (!found) throw refusal('CL-107', say('no-secret', { host }), { field: 'receiveUrl' })
  return { ...given, ...found, accountId, serverName }
}

/** With the secret that is known, as messages are sent; without one as far as can be seen so. */
export async function checkTarget(
  door: Asking,
  given: { receiveUrl: string; apiKey: string },
  secret?: string | null,
): Promise<Check[]> {
  readReceiveUrl(given.receiveUrl)
  const [address, key] = await Promise.all([
    lookAtAddress(door, given.receiveUrl, secret),
    lookAtKey(door, given),
  ])
  return [toCheck('receive-url', address), toCheck('api-key', key)]
}

interface Look {
  ok: boolean
  /** As `say` makes it. */
  said: string
}

const toCheck = (name: Check['name'], { ok, said }: Look): Check => ({ name, ok, detail: toSaid(said) })

async function lookAtAddress(door: Asking, receiveUrl: string, secret: string | null = null): Promise<Look> {
  const { host } = readReceiveUrl(receiveUrl)
  const found = (ok: boolean, said: string): Look => ({ ok, said })
  try {
    const { answer, isGood } = await askAddress(door, receiveUrl, secret)
    const { code } = parse(answer)
    if (isGood) return found(true, say('address-good', { host }))
    if (code === 'OC-117' && secret === null) return found(true, say('address-good-signed', { host }))
    return found(false, addressWords(host, answer, code))
  } catch (error) {
    return found(false, whyNot(error, host))
  }
}

async function lookAtKey(
  door: Asking,
  { receiveUrl, apiKey }: { receiveUrl: string; apiKey: string },
): Promise<Look> {
  const { origin, host } = readReceiveUrl(receiveUrl)
  try {
    const answer = await door.request({
      method: 'GET',
      url: `${origin}/api/attachments/${NO_ATTACHMENT}`,
      headers: { ...agent, authorization: `Bearer ${apiKey}` },
      timeoutMs: WITHIN_MS,
    })
    if (answer.status === 404 && parse(answer).code === 'GE-105')
      return { ok: true, said: say('key-good', { host }) }
    return { ok: false, said: keyWords(host, answer, 'attachments') }
  } catch (error) {
    return { ok: false, said: whyNot(error, host) }
  }
}

/** No account, not its token, another secret, nobody behind the relay: asking in another way changes nothing. */
const knownWrong = new Set(['OC-101', 'OC-102', 'OC-117', 'RL-101'])

/** Shows whether address, token and, with a secret, signature are taken; stores nothing, and leaves no refusal in the log of the account. */
async function askAddress(
  door: Asking,
  receiveUrl: string,
  secret: string | null,
): Promise<{ answer: DoorResponse; isGood: boolean }> {
  if (secret === null) {
    const alive = await door.request({ method: 'GET', url: receiveUrl, headers: agent, timeoutMs: WITHIN_MS })
    const { status, code } = parse(alive)
    if (alive.status === 200 && status === 'alive') return { answer: alive, isGood: true }
    if (knownWrong.has(String(code))) return { answer: alive, isGood: false }
  }
  // An event of a type that nobody knows is ignored.
  const event = await ask(door, siblingOf(receiveUrl, 'events'), { type: 'check' }, secret)
  const { outcome, code } = parse(event)
  if (event.status === 200 && outcome === 'ignored') return { answer: event, isGood: true }
  if (knownWrong.has(String(code))) return { answer: event, isGood: false }
  // A contact centre may have the Receive URL alone: it refuses a message without content after it has looked at the token.
  const message = await ask(door, receiveUrl, {}, secret)
  return { answer: message, isGood: message.status === 400 && parse(message).code === 'OC-103' }
}

function ask(door: Asking, url: string, content: object, secret: string | null): Promise<DoorResponse> {
  const body = JSON.stringify(content)
  return door.request({
    method: 'POST',
    url,
    headers: { ...agent, 'content-type': 'application/json', ...signatureOf(secret, body) },
    body,
    timeoutMs: WITHIN_MS,
  })
}

const agent = { 'user-agent': 'Patchbay-Cloud' }

function addressWords(host: string, { status }: DoorResponse, code: unknown): string {
  if (code === 'OC-101') return say('address-no-account', { host })
  if (code === 'OC-117') return say('address-signed', { host })
  if (code === 'OC-102' || status === 401) return say('address-token', { host })
  if (code === 'RL-101') return say('address-relay', { host })
  return say('address-strange', { host, status })
}

function keyWords(host: string, { status }: DoorResponse, scope: string): string {
  if (status === 401) return say('key-unknown', { host })
  if (status === 403) return say('key-scope', { host, scope })
  if (status === 404) return say('key-no-account', { host })
  if (status === 429) return say('key-later', { host })
  return say('centre-answered', { host, status })
}

function parse(answer: DoorResponse): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function whyNot(error: unknown, host: string): string {
  if (error instanceof DoorError) return sayDoor(error, host)
  throw error
}

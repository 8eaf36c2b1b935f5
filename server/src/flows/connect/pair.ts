/** pair: an account waits at the cloud under a code, with a key of its own that goes again when nobody claims it. */
import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { randomCrockford } from '@patchbay/kit/crockford.ts'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { PairingCode } from '@patchbay/protocol/api/pairing.ts'
import type { Caller } from '../../access/endpoint.ts'
import { remove } from '../../access/keys.ts'
import { receiveUrl } from '../../accounts/account-row.ts'
import * as accounts from '../../accounts/accounts.ts'
import { revealSecret } from '../../accounts/rotate.ts'
import { openToken } from '../../accounts/secrets.ts'
import * as audit from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import * as keys from '../../people/keys.ts'
import type { Links } from '../relay/links.ts'

const CODE_LETTERS = 8
const LIFETIME_MS = 10 * 60_000
/** The cloud counts from when it heard of the code, and notes of a key's use are gathered for a while. */
const GRACE_MS = 60_000
const WITHIN_MS = 15_000

export async function pair(
  ctx: Context,
  links: Pick<Links, 'findWayIn'>,
  caller: Caller,
  accountId: number,
): Promise<PairingCode> {
  const { db, config, sealingKey } = ctx
  const { cloudUrl } = config
  if (!cloudUrl) throw new Refusal('CL-110', 'CLOUD_URL is not set: this server knows no cloud.')
  const account = await accounts.find(db, caller, accountId)
  const code = randomCrockford(CODE_LETTERS)
  const { key, id: keyId } = await transaction(db, async (tx) => {
    const made = await keys.create(tx, caller, {
      name: `Cloud: ${account.name}`.slice(0, 100),
      scopes: ['attachments', 'accounts:secret'],
    })
    const notBefore = new Date(Date.now() + LIFETIME_MS + GRACE_MS)
    await addChore(tx, 'end-pairing', { keyId: made.id }, { notBefore })
    return made
  })
  const { secret, uid } = await transaction(db, (tx) => revealSecret(tx, sealingKey, caller, accountId))
  const token = openToken(sealingKey, account.uid, account.token_sealed)
  try {
    // The relay has to know the new key before the cloud may use it.
    const address = await links.findWayIn()
    const expiresAt = await offer(ctx, cloudUrl, {
      codeDigest: sha256(code).toString('hex'),
      receiveUrl: receiveUrl(address, accountId, token),
      apiKey: key,
      secret,
      uid,
      serverName: `${account.name} (${new URL(config.publicUrl).host})`.slice(0, 200),
    })
    const isRelayed = address !== config.publicUrl
    return { code, keyId, expiresAt, cloudUrl, replyUrl: `${cloudUrl}/api/reply`, address, isRelayed }
  } catch (error) {
    await endUnused(ctx, keyId)
    throw error
  }
}

async function offer({ door }: Context, cloudUrl: string, pairing: object): Promise<string> {
  const { host } = new URL(cloudUrl)
  const answer = await door
    .request({
      method: 'POST',
      url: `${cloudUrl}/api/pairings`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(pairing),
      timeoutMs: WITHIN_MS,
    })
    .catch((error: unknown) => {
      throw error instanceof DoorError ? new Refusal('CL-110', error.message) : error
    })
  const { expiresAt, detail } = parse(answer.body)
  if (answer.status === 201 && typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt)))
    return new Date(expiresAt).toISOString()
  const said = typeof detail === 'string' ? `: ${detail.slice(0, 300)}` : ', which a cloud does not.'
  throw new Refusal('CL-110', `${host} answered ${answer.status}${said}`)
}

export async function stateOf(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  accountId: number,
  keyId: number,
): Promise<'waiting' | 'claimed' | 'ended'> {
  await accounts.find(db, caller, accountId)
  const key = await db
    .selectFrom('api_key')
    .select('last_used_at')
    .where('id', '=', keyId)
    .where('user_id', '=', caller.user.id)
    .executeTakeFirst()
  if (!key) return 'ended'
  return key.last_used_at ? 'claimed' : 'waiting'
}

/** The cloud uses the key when the code is claimed, so one that was not used was not claimed. */
export function pairingChores(ctx: Context): Chores {
  return { 'end-pairing': { run: (payload) => endUnused(ctx, (payload as { keyId: number }).keyId) } }
}

async function endUnused({ db, gatekeeper }: Context, keyId: number): Promise<void> {
  const userId = await transaction(db, async (tx) => {
    const row = await tx
      .selectFrom('api_key')
      .select('user_id')
      .where('id', '=', keyId)
      .where('last_used_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return undefined
    await remove(tx, keyId)
    const reason = 'Nobody claimed its pairing code.'
    await audit.record(tx, null, { action: 'revoked', object: 'api_key', objectId: keyId, after: { reason } })
    return row.user_id
  })
  if (userId !== undefined) gatekeeper.forget(userId)
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Pairings: contact centres that wait for the code that their admin reads out. A code lives ten minutes and works once. */
import { readCrockford } from '@patchbay/kit/crockford.ts'
import { open, type SealingKey, seal, sha256 } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export interface Offered {
  receiveUrl: string
  apiKey: string
  secret: string
  uid: string
}

const LIFETIME = sql`interval '10 minutes'`
/** Waiting at the same time, for everybody and from one address: more is somebody who fills our disk. */
const MOST_WAITING = 10_000
const MOST_OF_ADDRESS = 100

export async function offer(
  db: Db,
  key: SealingKey,
  pairing: Offered & { codeDigest: string; serverName: string; host: string; address: string },
): Promise<Date> {
  const { codeDigest, serverName, host, address, ...target } = pairing
  await removeEnded(db)
  const { waiting, ofAddress } = await db
    .selectFrom('pairing')
    .select(sql<number>`count(*)`.as('waiting'))
    .select(sql<number>`count(*) filter (where address = ${address})`.as('ofAddress'))
    .executeTakeFirstOrThrow()
  if (waiting >= MOST_WAITING || ofAddress >= MOST_OF_ADDRESS)
    throw new Refusal('AU-102', 'Too many codes wait already.', { retryAfterSeconds: 600 })
  const row = await db
    .insertInto('pairing')
    .values({
      code_digest: Buffer.from(codeDigest, 'hex'),
      target_sealed: seal(key, `pairing:${codeDigest}`, JSON.stringify(target)),
      server_name: serverName,
      host,
      address,
      expires_at: sql<Date>`now() + ${LIFETIME}`,
    })
    // Whoever knows a code that waits could otherwise put another contact centre in its place.
    .onConflict((conflict) => conflict.doNothing())
    .returning('expires_at')
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-102', 'This code waits already: make another one.', { field: 'codeDigest' })
  return row.expires_at
}

/** Whose code this is, without using it up; throws CL-108. */
export async function find(
  db: Db,
  key: SealingKey,
  code: string,
): Promise<Offered & { serverName: string; host: string; expiresAt: Date }> {
  const digest = digestOf(code)
  const row = await db
    .selectFrom('pairing')
    .select(['target_sealed', 'server_name', 'host', 'expires_at'])
    .where('code_digest', '=', digest)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  if (!row) throw new Refusal('CL-108', undefined, { field: 'pairingCode' })
  const target = JSON.parse(open(key, `pairing:${digest.toString('hex')}`, row.target_sealed)) as Offered
  return { ...target, serverName: row.server_name, host: row.host, expiresAt: row.expires_at }
}

/** Uses it up in the transaction of what it was for: of two at once, one finds it gone. Throws CL-108. */
export async function use(tx: Tx, code: string): Promise<void> {
  const row = await tx
    .deleteFrom('pairing')
    .where('code_digest', '=', digestOf(code))
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('host')
    .executeTakeFirst()
  if (!row) throw new Refusal('CL-108', undefined, { field: 'pairingCode' })
}

export async function removeEnded(db: Db): Promise<void> {
  await db.deleteFrom('pairing').where('expires_at', '<=', sql<Date>`now()`).execute()
}

const digestOf = (code: string): Buffer => sha256(readCrockford(code))

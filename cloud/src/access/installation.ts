/** The one row of the installation: which key its secrets are sealed with. */
import type { Db } from '../db.ts'

/** Answers false when the database was made with another key. */
export async function ensureInstallation(db: Db, keyFingerprint: string): Promise<boolean> {
  await db
    .insertInto('installation')
    .values({ id: 1, key_fingerprint: keyFingerprint })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db.selectFrom('installation').select('key_fingerprint').executeTakeFirst()
  return row?.key_fingerprint === keyFingerprint
}

/** Tags as they stand on interactions. */
import type { Tag } from '@patchbay/protocol/api/contacts.ts'
import type { Db, Tx } from '../db.ts'

/** By name. */
export async function tagsByIds(db: Db | Tx, ids: readonly number[]): Promise<Tag[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('tag')
    .select(['id', 'name', 'color', 'version', 'created_at'])
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    // contacts/ checks colours before it writes them.
    color: row.color as Tag['color'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }))
}

/** For statements that are asked many times a second: each connection plans them once, which costs more than the few rows they read. */
import type { Pool } from '@patchbay/kit/database.ts'
import type { RawBuilder } from 'kysely'
import type { Db } from '../db.ts'

export interface Prepares {
  db: Db
  pool: Pool
}

/** One name for one text; the driver refuses another one under it. */
export async function runPrepared<R extends object>(
  { db, pool }: Prepares,
  name: string,
  query: RawBuilder<R>,
): Promise<R[]> {
  const { sql: text, parameters } = query.compile(db)
  const { rows } = await pool.query<R>({ name, text, values: [...parameters] })
  return rows
}

/** The types of the database as every floor above the kit passes it on. */
import type { Database } from '@patchbay/kit/database.ts'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { DB } from './database.gen.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>
export type ServerDatabase = Database<DB>

/** For `where(column, '=', anyOf(ids))`: one text for any number of ids, so that its plan can be kept. */
export function anyOf(ids: readonly number[]): RawBuilder<number> {
  return sql`any(${ids}::bigint[])`
}

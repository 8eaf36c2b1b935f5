/** The types of the database as every floor above the kit passes it on. */
import type { Kysely, Transaction } from 'kysely'
import type { DB } from './database.gen.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>

/** Sheets in the database: written, emptied of bodies, thrown away when they are old. */
import { promisify } from 'node:util'
import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib'
import type { Pool, PoolClient } from '@patchbay/kit/database.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { blankBytes } from './blank.ts'
import type { SealedSheet } from './sheet.ts'

const KEPT_DAYS = 14
const AT_ONCE = 16

/** In one transaction. */
export async function insertSheets(pool: Pool, sheets: readonly SealedSheet[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    for (let at = 0; at < sheets.length; ) {
      const size = sheets.length - at >= AT_ONCE ? AT_ONCE : 1
      await insert(client, sheets.slice(at, at + size))
      at += size
    }
    await client.query('commit')
    client.release()
  } catch (error) {
    client.release(error as Error)
    throw error
  }
}

/**
 * Here and not by the database, which may know no way but pglz: that takes thirty times as long. In place, since handing it to another
 * thread costs more than the quarter of a millisecond that it takes.
 */
export function pack(sheet: SealedSheet): SealedSheet {
  const { entries, bodies } = sheet
  if (bodies) blankBytes(bodies)
  return { ...sheet, entries: compress(entries), bodies: bodies && compress(bodies) }
}

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** To set a compressor up costs as much as to compress some thousand bytes. */
const WORTH_BYTES = 4096
const compress = (bytes: Buffer): Buffer =>
  bytes.length < WORTH_BYTES ? bytes : zstdCompressSync(bytes, LEVEL)

// Neither numbers of this century nor text in UTF-8 begin like this.
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const decompress = (bytes: Buffer): Promise<Buffer> | Buffer =>
  bytes.subarray(0, MAGIC.length).equals(MAGIC) ? promisify(zstdDecompress)(bytes) : bytes

export interface StoredSheet {
  count: number
  entries: Buffer
  /** Null: erased, never kept, or not asked for. */
  bodies: Buffer | null
}

export async function unpack<S extends StoredSheet>(sheet: S): Promise<S> {
  const { entries, bodies } = sheet
  return { ...sheet, entries: await decompress(entries), bodies: bodies && (await decompress(bodies)) }
}

const WIDTH = 7
const texts = new Map<number, string>()

// Buffers travel as they are only as parameters of their own; in an array they would be written in hexadecimal.
async function insert(client: PoolClient, sheets: readonly SealedSheet[]): Promise<void> {
  let text = texts.get(sheets.length)
  if (!text) {
    const row = (_: unknown, at: number): string =>
      `(${Array.from({ length: WIDTH }, (_, column) => `$${at * WIDTH + column + 1}`).join(', ')})`
    text = `insert into arrival_sheet (account_id, from_at, to_at, count, refused, entries, bodies)
      values ${Array.from(sheets, row).join(', ')}`
    texts.set(sheets.length, text)
  }
  const values = sheets.flatMap(({ accountId, fromAt, toAt, count, refused, entries, bodies }) => [
    accountId,
    fromAt,
    toAt,
    count,
    refused,
    entries,
    bodies,
  ])
  await client.query({ name: `insert-sheets-${sheets.length}`, text, values })
}

const STEP = 1_000

/** In steps, each committed by itself. Answers of how many requests. */
export async function eraseBodies(db: Db, accountId: number): Promise<number> {
  for (let erased = 0; ; ) {
    const { rows } = await sql<{ sheets: number; requests: number }>`
      with part as (
        select id from arrival_sheet where account_id = ${accountId} and bodies is not null order by to_at limit ${STEP}),
      done as (update arrival_sheet set bodies = null where id in (select id from part) returning count)
      select count(*)::int as sheets, coalesce(sum(count), 0)::int as requests from done`.execute(db)
    erased += rows[0]?.requests ?? 0
    if ((rows[0]?.sheets ?? 0) < STEP) return erased
  }
}

/** Looks at the oldest alone; answers whether there may be more. */
export async function expireSome(db: Db): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    delete from arrival_sheet where id in (
      select id from (select id, to_at from arrival_sheet order by id limit ${STEP}) oldest
      where to_at < now() - ${KEPT_DAYS} * interval '1 day')
    returning id`.execute(db)
  return rows.length === STEP
}

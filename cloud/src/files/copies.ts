/** Files of customers: fetched from the channel as soon as they are heard of, handed to the contact centre, forgotten after a day. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { sql } from 'kysely'
import type { FileLink } from '../channels/channel-event.ts'
import type { Db, Tx } from '../db.ts'
import { fileNameOf, isAllowedHost } from './file-links.ts'

export interface Copies {
  db: Db
  door: Door
  log: Log
  folder: string
  /** Host names, or `*.` and a domain. */
  hosts: readonly string[]
}

export interface Copy {
  id: number
  integrationId: number
  place: number
  url: string
  kind: string
  state: 'wanted' | 'here' | 'failed' | 'gone'
  attempts: number
  reason: string | null
  name: string | null
  type: string | null
  attachmentId: number | null
}

export const FILE_BYTES = 25 * 1024 * 1024
const LIFE_HOURS = 24
const TRIES = 6
const FETCH_WITHIN_MS = 60_000

export interface WantedFiles {
  integrationId: number
  parcelKey: string
  files: readonly FileLink[]
}

/** In the transaction that stores the message. */
export async function want(trx: Tx, wanted: readonly WantedFiles[]): Promise<void> {
  const rows = wanted.flatMap(({ integrationId, parcelKey, files }) =>
    files.map(({ url, kind }, place) => ({
      integration_id: integrationId,
      parcel_key: parcelKey,
      place,
      url,
      kind,
    })),
  )
  if (rows.length === 0) return
  await trx
    .insertInto('file_copy')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const columns = [
  'id',
  'integration_id as integrationId',
  'place',
  'url',
  'kind',
  'state',
  'attempts',
  'reason',
  'name',
  'type',
  'attachment_id as attachmentId',
] as const

export async function ofParcel(db: Db, integrationId: number, parcelKey: string): Promise<Copy[]> {
  const rows = await db
    .selectFrom('file_copy')
    .select(columns)
    .where('integration_id', '=', integrationId)
    .where('parcel_key', '=', parcelKey)
    .orderBy('place')
    .execute()
  return rows as Copy[]
}

/** Fetches what is due; answers how much that was. */
export async function fetchDue(copies: Copies, limit: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    update file_copy set next_at = now() + make_interval(secs => ${(2 * FETCH_WITHIN_MS) / 1000})
    where id in (select id from file_copy where state = 'wanted' and next_at <= now() order by next_at limit ${limit} for update skip locked)
    returning id`.execute(copies.db)
  await Promise.all(rows.map(({ id }) => fetchOne(copies, id)))
  return rows.length
}

/** Answers the copy as it is afterwards. */
export async function fetchOne(copies: Copies, id: number): Promise<Copy> {
  const copy = (await copies.db
    .selectFrom('file_copy')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()) as Copy
  if (copy.state !== 'wanted') return copy
  const fetched = await fetchFile(copies, copy)
  const isOver = 'problem' in fetched && (fetched.isFinal || copy.attempts + 1 >= TRIES)
  const change =
    'problem' in fetched
      ? {
          state: isOver ? ('failed' as const) : ('wanted' as const),
          reason: fetched.problem,
          next_at: new Date(Date.now() + 5_000 * 3 ** copy.attempts),
        }
      : { state: 'here' as const, name: fetched.name, type: fetched.type, size_bytes: fetched.sizeBytes }
  await copies.db
    .updateTable('file_copy')
    .set({ ...change, attempts: copy.attempts + 1 })
    .where('id', '=', id)
    .where('state', '=', 'wanted')
    .execute()
  return (await copies.db
    .selectFrom('file_copy')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()) as Copy
}

type Fetched = { name: string; type: string; sizeBytes: number } | { problem: string; isFinal: boolean }

async function fetchFile({ door, folder, hosts }: Copies, { id, url, kind }: Copy): Promise<Fetched> {
  if (!isAllowedHost(url, hosts)) return { problem: 'its address is not one of the channel', isFinal: true }
  try {
    const answer = await door.request({
      method: 'GET',
      url,
      timeoutMs: FETCH_WITHIN_MS,
      maxResponseBytes: FILE_BYTES,
      repeatable: true,
    })
    if (answer.truncated) return { problem: 'it is larger than 25 MB', isFinal: true }
    if (answer.status !== 200)
      return {
        problem: `the channel answered ${answer.status}`,
        isFinal: answer.status < 500 && answer.status !== 429,
      }
    if (answer.body.length === 0) return { problem: 'it is empty', isFinal: true }
    const header = answer.headers['content-type']
    const type =
      (typeof header === 'string' ? header.split(';', 1)[0]?.trim() : '') || 'application/octet-stream'
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = pathOf(folder, id)
    // The copier and a lane may fetch the same file at the same time.
    const part = `${path}.${randomUUID()}`
    await writeFile(part, answer.body, { mode: 0o600, flush: true })
    await rename(part, path)
    return { name: fileNameOf(url, kind, type), type, sizeBytes: answer.body.length }
  } catch (error) {
    if (error instanceof DoorError) return { problem: error.message, isFinal: !error.retryable }
    throw error
  }
}

export async function read({ folder }: Copies, id: number): Promise<Buffer> {
  return readFile(pathOf(folder, id))
}

export async function noteAttachment(db: Db, id: number, attachmentId: number): Promise<void> {
  await db.updateTable('file_copy').set({ attachment_id: attachmentId }).where('id', '=', id).execute()
}

/** After a day nothing of a file is left but that there was one; answers how many went. */
export async function forgetOld({ db, folder }: Copies): Promise<number> {
  const rows = await db
    .selectFrom('file_copy')
    .select('id')
    .where('state', '=', 'here')
    .where('created_at', '<', sql<Date>`now() - make_interval(hours => ${LIFE_HOURS})`)
    .limit(1000)
    .execute()
  for (const { id } of rows) {
    await rm(pathOf(folder, id), { force: true })
    await db.updateTable('file_copy').set({ state: 'gone', url: '' }).where('id', '=', id).execute()
  }
  await sweep(folder)
  return rows.length
}

/** Bytes whose row went with its integration, or that were never finished. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > LIFE_HOURS * 3_600_000) await rm(path, { force: true })
  }
}

export async function forgetGone(db: Db, olderThanDays: number): Promise<void> {
  await sql`delete from file_copy where state <> 'here' and created_at < now() - make_interval(days => ${olderThanDays})`.execute(
    db,
  )
}

function pathOf(folder: string, id: number): string {
  return join(folder, String(id))
}

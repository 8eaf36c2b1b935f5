/**
 * Files, kept once: uploaded, held by the messages of one account, read by those who see the account, gone after their lifetime.
 *
 * Until a message holds a file only its uploader may read it. From then on it belongs to the account of that message.
 */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Attachment } from '@patchbay/protocol/api/attachments.ts'
import { type Selectable, sql } from 'kysely'
import { mayUseAccount } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { AttachmentTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { removeFile, type StoredFile } from './files.ts'

export { signedUrl } from './links.ts'

export type AttachmentRow = Selectable<AttachmentTable>

export interface NewAttachment {
  file: StoredFile
  name: string
  /** Null: it came in at an account's Receive URL. */
  userId: number | null
  expiresInSeconds?: number | undefined
}

/** The bytes are on the disk already; when the row cannot be written they are removed again. */
export async function keep(
  ctx: Pick<Context, 'db' | 'config'>,
  { file, name, userId, expiresInSeconds }: NewAttachment,
): Promise<AttachmentRow> {
  try {
    return await ctx.db
      .insertInto('attachment')
      .values({
        name,
        type: file.type,
        size_bytes: file.sizeBytes,
        path: file.path,
        digest: file.digest,
        user_id: userId,
        expires_at:
          expiresInSeconds === undefined
            ? null
            : sql<Date>`now() + make_interval(secs => ${expiresInSeconds}::double precision)`,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
  } catch (error) {
    await removeFile(ctx.config.attachmentsDir, file.path)
    throw error
  }
}

/** Takes back what `keep` kept, as long as no message holds it. */
export async function discard(ctx: Pick<Context, 'db' | 'config'>, id: number): Promise<void> {
  const row = await ctx.db
    .deleteFrom('attachment')
    .where('id', '=', id)
    .where('account_id', 'is', null)
    .returning('path')
    .executeTakeFirst()
  if (row) await removeFile(ctx.config.attachmentsDir, row.path)
}

/** Refuses with GE-105 what the caller may not see, as if it did not exist. */
export async function find(db: Db | Tx, caller: Caller, id: number): Promise<AttachmentRow> {
  const row = await findAny(db, id)
  const maySee =
    row.account_id === null ? row.user_id === caller.user.id : await mayUseAccount(db, caller, row.account_id)
  if (!maySee) throw new Refusal('GE-105')
  return row
}

/** For whoever holds a signed link. */
export async function findAny(db: Db | Tx, id: number): Promise<AttachmentRow> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105')
  return row
}

export function isGone(row: Pick<AttachmentRow, 'removed_at' | 'expires_at'>): boolean {
  return row.removed_at !== null || (row.expires_at !== null && row.expires_at.getTime() <= Date.now())
}

export interface Claimant {
  accountId: number
  /** Of one file. What a message of the account holds already was measured when it came. */
  limitBytes: number
  lifetimeHours: number | null
}

/**
 * Takes files for an answer of the account, in the order of `ids`. Refuses with GE-105 what the caller may not use: a file of another
 * account, or one that somebody else uploaded and no message holds; with AT-103 what is larger than the account takes; with AT-105 what
 * is gone. `lifetimeHours` starts now for files that have no end yet.
 */
export async function claim(
  db: Db | Tx,
  caller: Caller,
  ids: readonly number[],
  { accountId, limitBytes, lifetimeHours }: Claimant,
): Promise<{ id: number; name: string }[]> {
  const { rows } = await sql<{ id: number; name: string }>`
    with usable as (
      select id from attachment
      where id = any(${[...ids]}::bigint[]) and removed_at is null and (expires_at is null or expires_at > now())
        and (account_id = ${accountId} or account_id is null and user_id = ${caller.user.id} and size_bytes <= ${limitBytes})
      order by id for update
    )
    update attachment
      set account_id = ${accountId},
        expires_at = coalesce(expires_at, now() + make_interval(hours => ${lifetimeHours}::int))
      from usable where attachment.id = usable.id
      returning attachment.id, name`.execute(db)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  const claimed: { id: number; name: string }[] = []
  for (const id of ids) {
    const name = names.get(id)
    if (name === undefined) {
      const row = await find(db, caller, id)
      if (row.account_id === null && row.size_bytes > limitBytes) throw tooLarge(limitBytes)
      throw new Refusal(isGone(row) && row.account_id === accountId ? 'AT-105' : 'GE-105', undefined, {
        field: 'AttachmentId',
      })
    }
    claimed.push({ id, name })
  }
  return claimed
}

/**
 * Refuses with AT-103 an upload that is larger than a message of the account may hold. Whether it may be taken at all is for whoever takes
 * it: nothing is told here of another account's files.
 */
export async function requireFit(db: Db | Tx, id: number, limitBytes: number): Promise<void> {
  const row = await db
    .selectFrom('attachment')
    .select('size_bytes')
    .where('id', '=', id)
    .where('account_id', 'is', null)
    .executeTakeFirst()
  if (row && row.size_bytes > limitBytes) throw tooLarge(limitBytes)
}

function tooLarge(limitBytes: number): Refusal {
  const detail = `The file is larger than ${limitBytes} bytes.`
  return new Refusal('AT-103', detail, { field: 'AttachmentId', extra: { limitBytes } })
}

export function describe(row: AttachmentRow): Attachment {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    sizeBytes: row.size_bytes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
  }
}

/** Tags of interactions: words with a colour, shared by all. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { contactsApi, Tag } from '@patchbay/protocol/api/contacts.ts'
import type { Body, Query } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { TagTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

type Table = typeof contactsApi

/** By name. */
export async function listTags(db: Db, query: Query<Table['GET /api/tags']>) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(name)`
  let rows = db.selectFrom('tag').selectAll().select(sortName.as('sort_name'))
  if (page.after) rows = rows.where(sql<SqlBool>`(${sortName}, id) > (${page.after[0]}, ${page.after[1]})`)
  const [found, counted] = await Promise.all([
    rows
      .orderBy(sortName)
      .orderBy('id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(
        db
          .selectFrom('tag')
          .select('id')
          .limit(COUNT_CEILING + 1)
          .as('found'),
      )
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, found, counted.count, toTag, (row) => [row.sort_name, row.id])
}

export async function createTag(tx: Tx, caller: Caller, input: Body<Table['POST /api/tags']>): Promise<Tag> {
  const row = await tx
    .insertInto('tag')
    .values({ name: input.name.trim(), color: input.color ?? 'neutral' })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a tag of this name'))
  const tag = toTag(row)
  await record(tx, caller, { action: 'created', object: 'tag', objectId: tag.id, after: tag })
  return tag
}

export async function changeTag(
  tx: Tx,
  caller: Caller,
  id: number,
  patch: Body<Table['PATCH /api/tags/:id']>,
): Promise<Tag> {
  const before = await lockTag(tx, id)
  requireVersion(patch.version, before.version)
  const row = await tx
    .updateTable('tag')
    .set({
      name: patch.name?.trim() ?? before.name,
      color: patch.color ?? before.color,
      version: before.version + 1,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a tag of this name'))
  const after = toTag(row)
  await record(tx, caller, { action: 'changed', object: 'tag', objectId: id, before, after })
  return after
}

/** It leaves every interaction that carries it. */
export async function removeTag(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const before = await lockTag(tx, id)
  await tx.deleteFrom('tag').where('id', '=', id).execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'tag',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Against every other change, and against being put on anything. */
export async function lockTag(tx: Tx, id: number): Promise<Tag> {
  const row = await tx.selectFrom('tag').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no tag ${id}.`)
  return toTag(row)
}

function toTag(row: Selectable<TagTable>): Tag {
  return {
    id: row.id,
    name: row.name,
    color: row.color as Tag['color'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

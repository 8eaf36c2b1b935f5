/** What the contact centre was told of a page. */
import { type RawBuilder, sql } from 'kysely'
import type { Told } from '../../channels/missed.ts'
import type { Db } from '../../db.ts'

/** As long as what was told is kept. */
const DAYS = 7

export async function isTold(db: Db, integrationId: number, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('parcel')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('direction', '=', 'in')
    .where('key', '=', key)
    .executeTakeFirst()
  return row !== undefined
}

/** What has ended is without its words. */
const digest = (content: RawBuilder<unknown>) =>
  sql`coalesce(${content} ->> 'digest', kept_of(${content}) ->> 'digest')`

/** Posts and comments, newest first; without what was removed. */
export async function toldInPublic(db: Db, integrationId: number, most: number): Promise<Told[]> {
  const { rows } = await sql<Told>`
    with known as (
      select content, happened_at, id from parcel
      where integration_id = ${integrationId} and direction = 'in' and content ? 'threadId'
        and happened_at > now() - make_interval(days => ${DAYS})
    )
    select content ->> 'messageId' as id, content ->> 'person' as person, content ->> 'threadId' as "threadId",
      content ->> 'conversation' as conversation,
      coalesce((select ${digest(sql.ref('later.content'))} from known later where later.content ->> 'type' = 'edited'
        and later.content ->> 'messageId' = known.content ->> 'messageId' order by happened_at desc, id desc limit 1),
        ${digest(sql.ref('known.content'))}) as digest
    from known where content ->> 'type' = 'message' and content ->> 'person' is not null
      and content ->> 'messageId' not in
        (select gone.content ->> 'messageId' from known gone where gone.content ->> 'type' = 'deleted')
    order by happened_at desc, id desc limit ${most}`.execute(db)
  return rows
}

/** Which interactions a search text or a tag leaves, as a condition on `i`. */
import { type RawBuilder, sql } from 'kysely'
import { idsFound } from '../contacts/search.ts'
import type { Db } from '../db.ts'

const MOST_CONTACTS = 200
const FEW_TAGGED = 5000

/** Interactions of the contacts whose name starts with the text, or one of whose identifying values it is. */
export async function interactionsFound(db: Db, text: string): Promise<RawBuilder<unknown>> {
  const contactIds = await contactsFound(db, text)
  return sql`i.contact_id = any(${contactIds}::bigint[])`
}

async function contactsFound(db: Db, text: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct id from (select id from (${idsFound(text)}) found limit ${MOST_CONTACTS}) bounded`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** undefined: the tag stands on so many interactions that a walk in the view's order finds a page of them sooner. */
export async function interactionsTagged(db: Db, tagId: number): Promise<RawBuilder<unknown> | undefined> {
  const { rows } = await sql<{ id: number }>`
    select interaction_id as id from interaction_tag where tag_id = ${tagId} limit ${FEW_TAGGED + 1}`.execute(
    db,
  )
  return rows.length > FEW_TAGGED ? undefined : sql`i.id = any(${rows.map(({ id }) => id)}::bigint[])`
}

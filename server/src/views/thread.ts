/** The thread of an interaction: pages of it, and what followed a seq. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Thread, ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { type RawBuilder, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import { toContact } from '../contacts/contact-row.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { rowsByIds } from './inbox-rows.ts'
import { eventsOf, type ItemRow, itemColumns, itemJoins, toItem } from './thread-items.ts'

export interface ThreadQuery {
  before?: number | undefined
  after?: number | undefined
  limit?: number | undefined
}

/** Refuses with GE-105 what the caller may not see. */
export async function read(
  { db, config }: Pick<Context, 'db' | 'config'>,
  caller: Caller,
  interactionId: number,
  query: ThreadQuery,
): Promise<Thread> {
  const { rows } = await sql<Head>`
    select i.contact_id, nullif(i.thread_id, '') as thread_id, i.external_url, a.reply_url <> '' as can_reply, i.disposition, i.window_until, i.human_until,
      coalesce(a.attachment_limit_bytes, ${config.attachmentLimitBytes}) as file_limit_bytes
    from interaction i join account a on a.id = i.account_id
    where i.id = ${interactionId} and ${visibleAccounts(caller, 'i.account_id')}`.execute(db)
  const head = rows[0]
  if (!head) throw new Refusal('GE-105')
  // One snapshot, so that `seq` is exactly what the items and their messages' status reflect.
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const [interaction] = await rowsByIds(tx, [interactionId])
      const contact = await tx
        .selectFrom('contact')
        .selectAll()
        .where('id', '=', head.contact_id)
        .executeTakeFirst()
      if (!interaction || !contact) throw new Refusal('GE-105')
      const { items, more } = await itemsOf(tx, interactionId, query)
      return {
        interaction,
        threadId: head.thread_id,
        externalUrl: head.external_url,
        canReply: head.can_reply,
        window: {
          until: head.window_until?.toISOString() ?? null,
          humanAgentUntil: head.human_until?.toISOString() ?? null,
        },
        fileLimitBytes: head.file_limit_bytes,
        disposition: head.disposition,
        contact: toContact(contact),
        items,
        seq: interaction.seq,
        more,
      }
    })
}

interface Head {
  contact_id: number
  thread_id: string | null
  external_url: string | null
  can_reply: boolean
  window_until: Date | null
  human_until: Date | null
  file_limit_bytes: number
  disposition: string | null
}

async function itemsOf(
  tx: Tx,
  interactionId: number,
  { before, after, limit = 50 }: ThreadQuery,
): Promise<{ items: ThreadItem[]; more: boolean }> {
  if (after !== undefined) {
    const places = sql`seq > ${after}`
    return {
      items: await select(tx, eventsOf(interactionId, { places }, sql`asc`, limit), sql`asc`),
      more: after > 0,
    }
  }
  const places = before === undefined ? sql`true` : sql`seq < ${before}`
  const kinds = sql`type not in ('status', 'revised', 'window', 'read')`
  const items = await select(tx, eventsOf(interactionId, { places, kinds }, sql`desc`, limit + 1), sql`desc`)
  const more = items.length > limit
  return { items: items.slice(0, limit).reverse(), more }
}

async function select(
  tx: Tx,
  events: RawBuilder<unknown>,
  direction: RawBuilder<unknown>,
): Promise<ThreadItem[]> {
  const { rows } = await sql<ItemRow>`
    select ${itemColumns} from ${events} e ${itemJoins} order by e.seq ${direction}`.execute(tx)
  return rows.map(toItem)
}

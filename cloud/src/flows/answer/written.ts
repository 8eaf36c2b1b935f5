/** What a person wrote in a thread, as far as it is still kept. */
import { sql } from 'kysely'
import type { Answer, Written } from '../../channels/outward.ts'
import type { Db } from '../../db.ts'

const LOOKED_THROUGH = 100

export async function writtenInThread(
  db: Db,
  integrationId: number,
  { threadId, person }: Answer,
  parcelId: number,
): Promise<Written[]> {
  const { rows } = await sql<Written>`
    select content ->> 'messageId' as id, content ? 'answerTo' as "isComment", happened_at as at,
      exists (select from parcel removal where removal.integration_id = parcel.integration_id and removal.direction = 'in'
        and removal.key = 'removed:' || (parcel.content ->> 'messageId')) as "isRemoved",
      exists (select from sent where sent.integration_id = parcel.integration_id and sent.parcel_id <> ${parcelId}
        and sent.private_to = parcel.content ->> 'messageId') as "isUsed"
    from parcel join lane on lane.id = parcel.lane_id
    where lane.integration_id = ${integrationId} and lane.direction = 'in' and lane.conversation = ${`w:${threadId}`}
      and content ->> 'type' = 'message' and content ->> 'person' = ${person}
    order by happened_at desc, parcel.id desc limit ${LOOKED_THROUGH}`.execute(db)
  return rows
}

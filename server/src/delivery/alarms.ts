/** Alarms of accounts whose deliveries fail; opened and ended by the triggers of 0006-events-and-alarms.sql. */
import { sql } from 'kysely'
import type { Tx } from '../db.ts'

export interface Alarm {
  account_id: number
  purpose: number
  reason: string
  since: Date
  ended_at: Date | null
  /** Whether its opening was mailed before. */
  mailed_opened: boolean
  name: string
  /** Empty: nobody. */
  alarm_email: string
}

/** Alarms of which a mail is owed; from now on it counts as sent. The caller queues it in the same transaction. */
export async function takeUnmailed(tx: Tx, limit: number): Promise<Alarm[]> {
  const { rows } = await sql<Alarm>`
    with owed as (
      select * from alarm where not mailed_opened or ended_at is not null and not mailed_ended
      order by id limit ${limit} for update skip locked),
    marked as (
      update alarm set mailed_opened = true, mailed_ended = owed.ended_at is not null from owed where alarm.id = owed.id)
    select owed.account_id, owed.purpose, owed.reason, owed.since, owed.ended_at, owed.mailed_opened, a.name, a.alarm_email
    from owed join account a on a.id = owed.account_id order by owed.id`.execute(tx)
  return rows
}

/** The write in which most flows end (migrations/0039-routing-set-wise.sql): interactions into queues or to agents, and their runs begun. */
import { sql } from 'kysely'
import { asJson, type RunChange } from '../../actions/runs.ts'
import type { Tx } from '../../db.ts'

/** An interaction whose flow has come to a queue or an agent. */
export interface Arrived {
  interactionId: number
  accountId: number
  queueId: number | null
  userId: number | null
  stepId: string
  /** null: waits for ever. */
  timeoutSeconds: number | null
  /** Of the event that tells it. */
  data: Record<string, string | null>
}

/** Answers the ids of the runs in their order. The locks of the interactions are held. */
export async function settleWalks(
  tx: Tx,
  arrived: readonly Arrived[],
  begun: readonly RunChange[],
): Promise<number[]> {
  if (arrived.length === 0 && begun.length === 0) return []
  const { rows } = await sql<{ ids: number[] }>`
    select begin_runs(${asJson(begun)}::jsonb) as ids, enter_by_flow(
      ${arrived.map((one) => one.interactionId)}::bigint[], ${arrived.map((one) => one.accountId)}::bigint[],
      ${arrived.map((one) => one.queueId)}::bigint[], ${arrived.map((one) => one.userId)}::bigint[],
      ${arrived.map((one) => one.stepId)}::text[], ${arrived.map((one) => one.timeoutSeconds)}::int[],
      ${arrived.map(({ data }) => JSON.stringify(data))}::jsonb[])`.execute(tx)
  return rows[0]?.ids ?? []
}

/**
 * The write in which a round of flows ends (migrations/0070-new-ones-together.sql): what their steps say and note, interactions into queues
 * or to agents, and runs begun.
 */
import type { Said } from '@patchbay/protocol/said.ts'
import { sql } from 'kysely'
import { asJson, type RunChange } from '../../actions/runs.ts'
import type { Tx } from '../../db.ts'

/** An answer that nobody wrote, or an event. */
export type FlowEvent = { interactionId: number } & (
  | { type: 'message'; text: string }
  | { type: 'tagged' | 'logged' | 'released'; data?: Record<string, string | null | Said> }
  | Arrival
)

/** The flow has come to a queue or an agent. */
export interface Arrival {
  type: 'queued'
  queueId: number | null
  userId: number | null
  stepId: string
  /** null: waits for ever. */
  timeoutSeconds: number | null
  data: Record<string, string | null>
}

/** In the order of the lists; an answer with its delivery. Answers the ids of the runs. The locks of the interactions are held. */
export async function settleWalks(
  tx: Tx,
  events: readonly FlowEvent[],
  begun: readonly RunChange[],
): Promise<number[]> {
  if (events.length === 0 && begun.length === 0) return []
  const arrivals = events.map((event) => (event.type === 'queued' ? event : undefined))
  const { rows } = await sql<{ ids: number[] }>`
    select begin_runs(${asJson(begun)}::jsonb) as ids, take_steps(
      ${events.map(({ interactionId }) => interactionId)}::bigint[], ${events.map(({ type }) => type)}::text[],
      ${events.map((event) => (event.type === 'message' ? event.text : null))}::text[],
      ${events.map((event) => ('data' in event && event.data ? JSON.stringify(event.data) : null))}::jsonb[],
      ${arrivals.map((one) => one?.queueId ?? null)}::bigint[], ${arrivals.map((one) => one?.userId ?? null)}::bigint[],
      ${arrivals.map((one) => one?.stepId ?? null)}::text[], ${arrivals.map((one) => one?.timeoutSeconds ?? null)}::int[])`.execute(
    tx,
  )
  return rows[0]?.ids ?? []
}

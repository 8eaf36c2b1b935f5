/**
 * The runs of flows: what ran for an interaction, step by step, from the beginning of its account's flow to its end. Writers hold the
 * interaction's lock. The newest run of an interaction is the one that goes on.
 */

import type { RunLine } from '@patchbay/protocol/api/actions.ts'
import type { Said } from '@patchbay/protocol/said.ts'
import { type Selectable, sql } from 'kysely'
import type { ActionRunTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

export interface RunState {
  runId: number
  vars: Readonly<Record<string, string>>
  answered: readonly string[]
  calls: number
}

export interface RunChange {
  /** null: one begins. */
  runId: number | null
  interactionId: number
  accountId: number
  lines: readonly (Omit<RunLine, 'words' | 'said'> & { said: Said })[]
  vars: Readonly<Record<string, string>>
  /** With those that were there before; of one that begins, those that it has answered itself. */
  answered: readonly string[]
  /** Bots and web requests asked since the customer last wrote. */
  calls: number
}

/** The newest of each interaction that has one. */
export async function newestRuns(tx: Tx, interactionIds: readonly number[]): Promise<Map<number, RunState>> {
  if (interactionIds.length === 0) return new Map()
  const { rows } = await sql<
    Pick<Selectable<ActionRunTable>, 'id' | 'interaction_id' | 'vars' | 'answered' | 'calls'>
  >`
    select run.id, run.interaction_id, run.vars, run.answered, run.calls
    from unnest(${interactionIds}::bigint[]) as i (id)
    cross join lateral (select * from action_run where interaction_id = i.id order by id desc limit 1) run`.execute(
    tx,
  )
  return new Map(
    rows.map((row) => [
      row.interaction_id,
      {
        runId: row.id,
        vars: row.vars as Record<string, string>,
        answered: row.answered,
        calls: row.calls,
      },
    ]),
  )
}

/** What `begin_runs` and `keep_runs` are given. */
export function asJson(runs: readonly RunChange[]): string {
  return JSON.stringify(
    runs.map(({ runId, interactionId, accountId, ...rest }) => ({
      ...(runId !== null && { run_id: runId }),
      interaction_id: interactionId,
      account_id: accountId,
      ...rest,
    })),
  )
}

/** Runs that go on, a line per step. */
export async function keepRuns(tx: Tx, runs: readonly RunChange[]): Promise<void> {
  if (runs.length > 0) await sql`select keep_runs(${asJson(runs)}::jsonb)`.execute(tx)
}

/** What runs have set, by run. */
export async function varsOf(
  db: Db,
  runIds: readonly number[],
): Promise<Map<number, Record<string, string>>> {
  const rows = await db
    .selectFrom('action_run')
    .select(['id', 'vars'])
    .where('id', 'in', [...runIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.vars as Record<string, string>]))
}

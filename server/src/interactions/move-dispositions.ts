/** Interactions that were closed with a disposition that is gone count with the one in its place; their words stay. */

import type { Chores } from '@patchbay/kit/chores.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'

export const MOVE_DISPOSITIONS = 'move-dispositions'
const AT_ONCE = 1000

/** Answers how many were moved, at most so many at once. */
async function move(db: Db, ids: readonly number[], replacementId: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update interaction set disposition_id = ${replacementId}
    where id in (
      select id from interaction where disposition_id = any(${ids}::bigint[]) order by id limit ${AT_ONCE} for no key update)`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

export function interactionChores({ db }: Pick<Context, 'db'>): Chores {
  return {
    [MOVE_DISPOSITIONS]: {
      async run(payload, stopping) {
        const { ids, replacementId } = payload as { ids: number[]; replacementId: number }
        while ((await move(db, ids, replacementId)) > 0) stopping.throwIfAborted()
      },
    },
  }
}

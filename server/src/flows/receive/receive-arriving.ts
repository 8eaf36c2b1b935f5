/** The frame of every request at an account's address: who may, how much at a time, and what the log keeps of it. */
import { asRefusal } from '@patchbay/kit/problems.ts'
import type { FastifyRequest } from 'fastify'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import {
  type ArrivalEvent,
  type Arrivals,
  type Arriving,
  type Ended,
  notes,
} from '../../arrivals/arrivals.ts'
import { findByCaller, findByToken, isByOldToken, type ReceiveContext } from './receive-access.ts'
import type { Limiter } from './receive-limits.ts'

export interface Frame {
  ctx: ReceiveContext
  directory: Directory
  arrivals: Arrivals
  limiter: Limiter
  event: ArrivalEvent
}

/** Answers what `work` answers, as JSON. */
export async function arrive(
  { ctx, directory, arrivals, limiter, event }: Frame,
  request: FastifyRequest,
  work: (account: AccountEntry, arriving: Arriving) => Promise<Ended>,
): Promise<string> {
  const startedMs = performance.now()
  let arriving: Arriving | undefined
  try {
    const byToken = findByToken(directory, request)
    const account = byToken ?? (await findByCaller(ctx, directory, request))
    const by = !byToken ? notes.key : isByOldToken(account, request) ? notes.oldToken : 0
    arriving = { account, event, request, startedMs, body: null, notes: by }
    const leave = limiter.enter(account)
    try {
      const ended = await work(account, arriving)
      arrivals.accepted(arriving, ended)
      return ended.answer
    } finally {
      leave()
    }
  } catch (error) {
    const refusal = asRefusal(error)
    if (arriving) arrivals.refused(arriving, refusal)
    else if (refusal) arrivals.turnedAway(refusal.code)
    throw error
  }
}

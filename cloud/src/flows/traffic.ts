/** The traffic of messages as a whole: its routes, its lanes, the fetching of files, and what is forgotten. */
import { join } from 'node:path'
import type { Chores } from '@patchbay/kit/chores.ts'
import type { Http } from '@patchbay/kit/http.ts'
import type { Context } from '../context.ts'
import * as conversations from '../conversations/conversations.ts'
import { startCopier } from '../files/copier.ts'
import * as copies from '../files/copies.ts'
import { type Engine, startEngine } from '../lanes/engine.ts'
import { countLanes } from '../lanes/lane-numbers.ts'
import * as lanes from '../lanes/lanes.ts'
import { answerCarrier } from './answer/answer.ts'
import { catchUp } from './catch-up/catch-up.ts'
import { channelRoutes, type OnAnswer } from './channel.routes.ts'
import type { FlowContext } from './flow-context.ts'
import { forwardCarrier } from './forward/forward.ts'

export interface Traffic {
  chores: Chores
  start(): { stop(): Promise<void> }[]
}

/** Meta repeats a webhook for 36 hours; an answer is repeated for 72. */
const KNOWN_FOR_DAYS = 7
const SENT_FOR_DAYS = 90

export async function createTraffic(http: Http, ctx: Context, onAnswer: OnAnswer): Promise<Traffic> {
  const { config, db, door, log, metrics } = ctx
  const rung: { ring(): void }[] = []
  const flow: FlowContext = {
    ...ctx,
    events: metrics.counter('channel_events_total', 'Events that webhooks and catching up told, by outcome', [
      'outcome',
    ]),
    appId: config.facebook?.appId,
    humanAgentAllowed: config.facebook?.humanAgent ?? false,
    copies: {
      db,
      door,
      log,
      folder: join(config.dataDir, 'cloud', 'files'),
      hosts: config.facebook?.cdnHosts ?? [],
    },
    ring: () => {
      for (const engine of rung) engine.ring()
    },
  }
  await channelRoutes(http, flow, onAnswer)
  const onCarried = countLanes(metrics, db)
  const startedAt = new Date()
  const chores: Chores = {
    'catch-up': { every: '*/5 * * * *', run: () => catchUp(flow, startedAt) },
    'forget-files': { every: '*/10 * * * *', run: async () => void (await copies.forgetOld(flow.copies)) },
    'forget-traffic': {
      every: '17 3 * * *',
      run: async () => {
        await lanes.forgetEnded(db, KNOWN_FOR_DAYS)
        await conversations.forgetSent(db, SENT_FOR_DAYS)
        await copies.forgetGone(db, KNOWN_FOR_DAYS)
      },
    },
  }
  return {
    chores,
    start() {
      const engine: Engine = startEngine({
        db,
        log,
        onCarried,
        carriers: { in: forwardCarrier(flow), out: answerCarrier(flow) },
      })
      const copier = startCopier(flow.copies)
      rung.push(engine, copier)
      return [engine, copier]
    },
  }
}

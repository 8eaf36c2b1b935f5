/** Stops before Meta does: when an answer's headers say that a limit is used up, the page waits as long as they say. */

import type { Usage } from '../../graph/usage.ts'
import * as lanes from '../../lanes/lanes.ts'
import { say } from '../../texts/say.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

const USED_UP = 100
const USUAL_MS = 60_000

export async function respectUsage(
  { db }: FlowContext,
  { id, channel }: Bound,
  { percent, regainMs }: Usage,
): Promise<void> {
  if (percent < USED_UP && regainMs === undefined) return
  await lanes.hold(db, id, 'out', regainMs ?? USUAL_MS, say('limited', { channel: channel.name }))
}

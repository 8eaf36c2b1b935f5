/** What the delivery room does from time to time. */

import type { Chores } from '@patchbay/kit/chores.ts'
import type { Context } from '../context.ts'
import { forgetSome } from './expiry.ts'
import { freeStray } from './lanes.ts'

export function deliveryChores(ctx: Pick<Context, 'db' | 'pool' | 'push'>): Chores {
  return {
    'forget-deliveries': {
      every: '*/10 * * * *',
      async run(_payload, stopping) {
        while ((await forgetSome(ctx.db)) > 0 && !stopping.aborted);
      },
    },
    'free-stray-lanes': {
      every: '* * * * *',
      async run() {
        if ((await freeStray(ctx.pool)) > 0) ctx.push.ring({ deliver: true })
      },
    },
  }
}

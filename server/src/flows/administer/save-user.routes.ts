/** The route that changes a user, disables him, and hands over what he has. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { HandedOver, peopleApi, User } from '@patchbay/protocol/api/people.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import * as users from '../../people/users.ts'
import { handOver, type Notes } from './hand-over.ts'
import { patiently } from './move-waiting.ts'
import { announce } from './save-account.ts'

export function saveUserRoutes(
  ctx: Context,
  directory: Directory,
): Handlers<Pick<typeof peopleApi, 'PATCH /api/users/:id'>> {
  return {
    'PATCH /api/users/:id': async ({ caller, params: { id }, body }) => {
      const { handOver: to, password: _, ...wanted } = body
      if (to && !body.disabled)
        throw new Refusal('GE-101', 'Only who is disabled hands over.', { field: 'handOver' })
      const passwordHash = await users.hashNewPassword(ctx.db, id, body)
      let notes = nothing()
      const { user, handedOver } = await patiently(
        ctx.db,
        async (tx): Promise<{ user: User; handedOver?: HandedOver }> => {
          notes = nothing()
          const change = () => users.change(tx, caller, id, { ...wanted, passwordHash })
          return to ? handOver(tx, caller, id, to, notes, change) : { user: await change() }
        },
      )
      ctx.gatekeeper.forget(id)
      // A larger capacity may free the agent for what waits.
      ctx.push.ring({ changed: 'users', route: true, ...notes })
      if (handedOver?.steps) {
        ctx.push.ring({ changed: 'queues' })
        await announce(ctx, directory)
      }
      return { ...user, ...(handedOver && { handedOver }) }
    },
  }
}

function nothing(): Notes {
  return { interactions: new Set(), users: new Set() }
}

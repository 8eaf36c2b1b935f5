/** What a trigger does when it fires, all in the transaction of the firing: what calls the outside is left to a chore. */
import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import type { Caller } from '../../access/endpoint.ts'
import { fill } from '../../actions/variables.ts'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publish } from '../../push/push.ts'
import { queueNames } from '../../routing/entries.ts'
import { showPopup } from '../../triggers/popups.ts'
import { tagsByIds } from '../../views/tags.ts'
import type { Change } from '../change.ts'
import { toQueue } from '../transfer.ts'
import { planCall } from './call.ts'
import type { Firing } from './matches.ts'
import { fillUrl } from './texts.ts'

export interface Fired {
  users: Set<number>
  route: boolean
}

/** `isLast`: it fired so often for this interaction that it is held for a while. */
export async function fire(tx: Tx, { trigger, message }: Firing, isLast: boolean): Promise<Fired> {
  const fired: Fired = { users: new Set(), route: false }
  const data: Record<string, string | null> = {
    trigger: trigger.name,
    triggerId: String(trigger.id),
    did: trigger.actions.map(({ type }) => type).join(','),
    ...(isLast && { held: 'true' }),
  }
  for (const [place, action] of trigger.actions.entries())
    Object.assign(data, await act(tx, { trigger, message, place }, action, fired))
  await publish(tx, {
    interactionId: message.interactionId,
    type: 'triggered',
    messageId: message.messageId,
    data,
  })
  return fired
}

interface Acting extends Firing {
  place: number
}

/** Answers what the log says beside the action's name. */
async function act(
  tx: Tx,
  acting: Acting,
  action: TriggerAction,
  fired: Fired,
): Promise<Record<string, string>> {
  const { interactionId, read } = acting.message
  switch (action.type) {
    case 'popup':
      return show(tx, acting, fired, {
        title: fill(action.title, read),
        text: fill(action.text, read),
        url: null,
      })
    case 'open-url':
      return show(tx, acting, fired, {
        title: acting.trigger.name,
        text: '',
        url: fillUrl(action.url, read),
      })
    case 'web-request':
      await planCall(tx, acting, action)
      return {}
    case 'tag': {
      const names = (await tagsByIds(tx, action.tagIds)).map(({ name }) => name).join(', ')
      await interactions.addTags(
        tx,
        action.tagIds.map((tagId) => ({ interactionId, tagId })),
      )
      await publish(tx, { interactionId, type: 'tagged', data: { tags: names } })
      return { tags: names }
    }
    case 'queue':
      return moveTo(tx, interactionId, action.queueId, fired)
  }
}

async function show(
  tx: Tx,
  { trigger, message, place }: Acting,
  fired: Fired,
  shown: { title: string; text: string; url: string | null },
): Promise<Record<string, string>> {
  const { interactionId } = message
  const interaction = await interactions.lock(tx, interactionId)
  if (!interaction || interaction.state === 'closed') return { unseen: 'closed' }
  await showPopup(tx, { interactionId, triggerId: trigger.id, place, ...shown })
  if (interaction.user_id !== null) fired.users.add(interaction.user_id)
  return {}
}

/** One that is closed stays where it is, and so does everything when the queue is gone. */
async function moveTo(
  tx: Tx,
  interactionId: number,
  queueId: number,
  fired: Fired,
): Promise<Record<string, string>> {
  const interaction = await interactions.lock(tx, interactionId)
  const name = (await queueNames(tx, [queueId])).get(queueId)
  if (name === undefined) return { unmoved: 'gone' }
  if (!interaction || interaction.state === 'closed') return { queue: name, unmoved: 'closed' }
  const change: Change = {
    tx,
    caller: nobody,
    interaction,
    publish: async (type, data) => {
      await publish(tx, { interactionId, type, data })
    },
    touch(userIds) {
      fired.route = true
      for (const userId of userIds) if (userId !== null) fired.users.add(userId)
    },
  }
  await toQueue(change, queueId)
  return { queue: name }
}

/** In whose name nothing is written: what happens by itself has no user. */
const nobody: Caller = {
  user: { id: 0, name: '', fullname: '', email: '', role: 'agent', permissions: new Set() },
  via: 'key',
  scopes: [],
  keyId: null,
  viewer: null,
  address: '',
}

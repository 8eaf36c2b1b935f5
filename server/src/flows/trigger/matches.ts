/** Whether a trigger fires for a message: its direction, its accounts, its interval and both groups of its conditions must hold. */
import { hold } from '../../actions/conditions.ts'
import type { TriggerRow } from '../../triggers/triggers.ts'
import type { MessageFacts } from '../../views/facts.ts'

export interface Firing {
  trigger: TriggerRow
  message: MessageFacts
}

export type Watching = Pick<TriggerRow, 'direction' | 'account_ids' | 'interval_id' | 'conditions'>

export function matches(trigger: Watching, message: MessageFacts, open: ReadonlySet<number>) {
  const direction = trigger.direction === 'both' || trigger.direction === message.direction
  const account = trigger.account_ids === null || trigger.account_ids.includes(message.accountId)
  const interval = trigger.interval_id === null || open.has(trigger.interval_id)
  const fires = direction && account && interval && hold(trigger.conditions, message.read)
  return { fires, direction, account, interval }
}

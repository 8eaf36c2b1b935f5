/** For the tests of triggers: an account with an agent, and triggers as an admin makes them. */
import type { Trigger, TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { expect } from 'vitest'
import type { TestServer } from '../../testing.ts'

let count = 0

export const popup: TriggerAction = {
  type: 'popup',
  title: 'From {{contact.firstName}}',
  text: '{{message.body}}',
}

export async function makeTrigger(
  { call }: Pick<TestServer, 'call'>,
  fields: Partial<Pick<Trigger, 'direction' | 'conditions' | 'accountIds' | 'intervalId' | 'enabled'>> & {
    name?: string
    actions: readonly TriggerAction[]
  },
): Promise<Trigger> {
  const { status, body } = await call('POST /api/openchannel/triggers', {
    body: { name: `trigger ${++count}`, ...fields },
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}

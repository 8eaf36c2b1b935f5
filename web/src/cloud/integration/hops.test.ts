import { expect, test } from 'vitest'
import { freshHops } from './hops.ts'

const health = {
  tokenExpiresAt: null,
  tokenCheckedAt: null,
  missingPermissions: [],
  subscribedFields: [],
  subscriptionCheckedAt: null,
  lastEventAt: '2026-01-02T10:00:00.000Z',
  lastForwardedAt: null,
  lastReplyAt: null,
  lastFailureAt: null,
  lastFailure: null,
  failuresInRow: 0,
}

test('what went before a test began is no hop of it', () => {
  expect(freshHops(health, health)).toEqual({ event: null, forwarded: null, reply: null })
})

test('a hop is made when its instant is another than before', () => {
  const later = '2026-01-02T10:05:00.000Z'
  expect(freshHops(health, { ...health, lastEventAt: later, lastForwardedAt: later })).toEqual({
    event: later,
    forwarded: later,
    reply: null,
  })
})

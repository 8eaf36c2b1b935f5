import { expect, test } from 'vitest'
import { stepsOf } from './timing.ts'

test('the steps of an attempt add up to its time', () => {
  const steps = stepsOf({ dnsMs: 2, connectMs: 6, tlsMs: 10, firstByteMs: 30 }, 38)
  expect(steps).toEqual([
    { step: 'dns', ms: 2 },
    { step: 'connect', ms: 6 },
    { step: 'tls', ms: 10 },
    { step: 'wait', ms: 12 },
    { step: 'read', ms: 8 },
  ])
})

test('on a kept connection nothing is opened', () => {
  expect(stepsOf({ dnsMs: 0, connectMs: 0, tlsMs: 0, firstByteMs: 5 }, 5)).toEqual([{ step: 'wait', ms: 5 }])
})

test('without an answer all the rest was waiting', () => {
  expect(stepsOf({ dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null }, 10_000)).toEqual([
    { step: 'wait', ms: 10_000 },
  ])
})

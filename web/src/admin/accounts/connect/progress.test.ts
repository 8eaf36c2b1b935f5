import { expect, test } from 'vitest'
import { doneOf, progressOf, type Signs } from './progress.ts'
import { sampleMessage, sendSamples } from './samples.ts'

const fresh: Signs = {
  account: { firstMessageAt: null, replyUrl: '' },
  wasCopied: false,
  wasTested: false,
  hasArrival: false,
  hasAnswer: false,
  deliveries: [],
}

test('a new account has nothing done', () => {
  expect(doneOf(progressOf(fresh))).toBe(0)
})

test('a message from anywhere ticks the address off too', () => {
  expect(progressOf({ ...fresh, hasArrival: true })).toMatchObject({ copied: true, received: true })
})

test('an answer under way counts as answered, not as received by the service', () => {
  const progress = progressOf({
    ...fresh,
    account: { firstMessageAt: '2026-11-20T10:00:00.000Z', replyUrl: 'https://a.example' },
    deliveries: [{ state: 'pending' }],
  })
  expect(progress).toMatchObject({ answered: true, delivered: false })
})

test('without a Reply URL nothing is delivered, whatever was before', () => {
  const deliveries = [{ state: 'delivered' }]
  expect(progressOf({ ...fresh, deliveries }).delivered).toBe(false)
  const account = { ...fresh.account, replyUrl: 'https://a.example' }
  expect(progressOf({ ...fresh, account, deliveries }).delivered).toBe(true)
})

test('every sample carries the address and the whole message', () => {
  const url = 'http://localhost:3000/api/openchannel/accounts/12/notify?token=pbt_x'
  const message = sampleMessage('email')
  expect(message.from).toContain('@')
  for (const { id, code } of sendSamples(url, message)) {
    expect(code, id).toContain(url)
    for (const value of Object.values(message)) expect(code, id).toContain(value)
  }
})

test('a quote in the address does not break out of the shell sample', () => {
  const [curl] = sendSamples("https://a.example/it's", sampleMessage(null))
  expect(curl?.code).toContain(`'https://a.example/it'\\''s'`)
})

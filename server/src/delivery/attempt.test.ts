import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { keepBody } from './record.ts'
import { signatureHeaders } from './sign.ts'
import { describeStatus, judge } from './verdict.ts'

test('the published vector of Standard Webhooks comes out of our signing', () => {
  const headers = signatureHeaders(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  )
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('during a rotation both secrets sign, and each signature is the HMAC that a receiver computes by hand', () => {
  const secrets = [
    'bmV3IHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVzIQ==',
    'b2xkIHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVzIQ==',
  ]
  const body = '{"body":"Grüße 👋"}'
  const at = new Date()
  const headers = signatureHeaders(
    'msg_1',
    at,
    body,
    secrets.map((secret) => `whsec_${secret}`),
  )
  const byHand = secrets.map((secret) => {
    const text = `msg_1.${Math.floor(at.getTime() / 1000)}.${body}`
    return `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest('base64')}`
  })
  expect(headers['webhook-signature']).toBe(byHand.join(' '))
  for (const secret of secrets)
    expect(new Webhook(`whsec_${secret}`).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() =>
    new Webhook('whsec_b3RoZXIgc2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXM=').verify(body, headers),
  ).toThrow()
})

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [301, 'failed'],
  [302, 'failed'],
  [307, 'failed'],
  [400, 'failed'],
  [401, 'failed'],
  [404, 'failed'],
  [408, 'retry'],
  [410, 'failed'],
  [422, 'failed'],
  [425, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
  [599, 'retry'],
])('%i means %s', (status, verdict) => {
  expect(judge(status)).toBe(verdict)
})

test('a status that is no success is said in a sentence', () => {
  expect(describeStatus(200, 'Reply URL')).toBeNull()
  expect(describeStatus(404, 'Reply URL')).toBe('The Reply URL answered 404 Not Found.')
  expect(describeStatus(302, 'Reply URL')).toBe(
    'The Reply URL answered 302 Found: redirects are not followed.',
  )
  expect(describeStatus(599, 'Reply URL')).toBe('The Reply URL answered 599.')
})

test('what is kept of a body holds no secret, whether known or recognised by its form', () => {
  const kept = keepBody(
    '{"url":"https://x/f?expires=1&signature=abc","token":"s3cret","hook":"whsec_AAAA+/=","t":"/n?token=pbt_1"}',
    ['abc', 's3cret'],
  )
  expect(kept).not.toMatch(/abc|s3cret|AAAA|pbt_1/)
  expect(kept).toContain('[secret]')
})

test('4 KiB are kept, never half a character and nothing that the database refuses', () => {
  const kept = keepBody(`\0${'€'.repeat(3000)}`, [])
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(4096)
  expect(Buffer.byteLength(kept)).toBeGreaterThan(4090)
  expect(kept).toMatch(/^\u2400€+$/)
})

test('a secret that stands across the cut is blanked whole', () => {
  const secret = 'q'.repeat(50)
  expect(keepBody('a'.repeat(4080) + secret, [secret])).not.toContain('q')
})

/** What we sign is verified by whoever follows the standard: two libraries of others, and the sum done by hand. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Webhook as Standard } from 'standardwebhooks'
import { Webhook as Svix } from 'svix'
import { describe, expect, test, vi } from 'vitest'
import { signatureHeaders } from './sign.ts'

type Headers = ReturnType<typeof signatureHeaders>

function byHand(secret: string, body: string, headers: Headers): void {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const wanted = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  if (!headers['webhook-signature'].split(' ').includes(wanted)) throw new Error('the signature differs')
}

const verifiers: [name: string, verify: (secret: string, body: string, headers: Headers) => unknown][] = [
  ['standardwebhooks', (secret, body, headers) => new Standard(secret).verify(body, headers)],
  ['svix', (secret, body, headers) => new Svix(secret).verify(body, headers)],
  ['by hand', byHand],
]

describe.each(verifiers)('%s', (name, verify) => {
  test('verifies the published vector, which is ours as well', () => {
    const [secret, body] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '{"test": 2432232314}']
    const at = new Date(1_614_265_330_000)
    const headers = signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', at, body, [secret])
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    vi.useFakeTimers({ now: at })
    try {
      expect(() => verify(secret, body, headers)).not.toThrow()
    } finally {
      vi.useRealTimers()
    }
  })

  const secretOf = (bytes: Uint8Array): string => `whsec_${Buffer.from(bytes).toString('base64')}`
  const secret = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf)
  const body = fc
    .record({ body: fc.string({ unit: 'binary' }), id: fc.nat() })
    .map((value) => JSON.stringify(value))

  test('verifies whatever is written under either secret of a rotation, and under no other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 3, maxLength: 3 }),
        body,
        fc.uuid(),
        ([current = '', old = '', strange = ''], text, id) => {
          const headers = signatureHeaders(`msg_${id}`, new Date(), text, [current, old])
          expect(() => verify(current, text, headers)).not.toThrow()
          expect(() => verify(old, text, headers)).not.toThrow()
          expect(() => verify(strange, text, headers)).toThrow()
        },
      ),
      { numRuns: 50 },
    )
  })

  test('refuses what was changed on the way: body, id, time', () => {
    fc.assert(
      fc.property(secret, body, fc.uuid(), (key, text, id) => {
        const headers = signatureHeaders(`msg_${id}`, new Date(), text, [key])
        const later = String(Number(headers['webhook-timestamp']) + 1)
        expect(() => verify(key, `${text} `, headers)).toThrow()
        expect(() => verify(key, text, { ...headers, 'webhook-id': `msg_${id}x` })).toThrow()
        expect(() => verify(key, text, { ...headers, 'webhook-timestamp': later })).toThrow()
      }),
      { numRuns: 50 },
    )
  })

  // The sum done by hand knows no time.
  if (name === 'by hand') return
  test('refuses what comes six minutes late', () => {
    const key = secretOf(new Uint8Array(32))
    const headers = signatureHeaders('msg_1', new Date(Date.now() - 360_000), '{}', [key])
    expect(() => verify(key, '{}', headers)).toThrow()
  })
})

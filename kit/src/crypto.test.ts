// Secrets at rest open only where and by whom they were sealed; passwords verify; tokens do not repeat.
import { expect, test } from 'vitest'
import { Secret } from './config.ts'
import { equalInConstantTime, keyFingerprint, newKey, open, randomToken, seal, sealingKey } from './crypto.ts'
import { hashPassword, verifyPassword } from './password.ts'

const key = sealingKey(new Secret(newKey()))

test('a sealed text opens in its own place and shows nothing of itself', () => {
  const sealed = seal(key, 'account:7:secret', 'whsec_héllo')
  expect(open(key, 'account:7:secret', sealed)).toBe('whsec_héllo')
  expect(sealed.includes('whsec')).toBe(false)
  expect(seal(key, 'account:7:secret', 'whsec_héllo').equals(sealed)).toBe(false)
})

test('it does not open in another row, with another key, changed or cut', () => {
  const sealed = seal(key, 'account:7:secret', 'x')
  expect(() => open(key, 'account:8:secret', sealed)).toThrow('sealed for another place, or damaged')
  expect(() => open(sealingKey(new Secret(newKey())), 'account:7:secret', sealed)).toThrow(
    'sealed with another key',
  )
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed)
    changed[i] = (changed[i] ?? 0) ^ 1
    expect(() => open(key, 'account:7:secret', changed)).toThrow()
    expect(() => open(key, 'account:7:secret', sealed.subarray(0, i))).toThrow()
  }
})

test('a key has a fingerprint of its own that stays', () => {
  const secret = new Secret(newKey())
  expect(keyFingerprint(sealingKey(secret))).toBe(keyFingerprint(sealingKey(secret)))
  expect(keyFingerprint(sealingKey(secret))).not.toBe(keyFingerprint(key))
})

test('tokens carry their prefix and at least 128 bits, and differ', () => {
  const tokens = new Set(Array.from({ length: 1_000 }, () => randomToken('pbk_')))
  expect(tokens.size).toBe(1_000)
  for (const token of tokens) expect(token).toMatch(/^pbk_[0-9a-hj-km-np-tv-z]{32}$/)
})

test('comparison tells equal from different, also in length', () => {
  expect(equalInConstantTime('secret', Buffer.from('secret'))).toBe(true)
  expect(equalInConstantTime('secret', 'secreT')).toBe(false)
  expect(equalInConstantTime('secret', 'secrets')).toBe(false)
})

test('a password verifies against its own hash alone', async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('correct hors', hash)).toBe(false)
  // Not the last character, of which two bits mean nothing.
  const another = hash.replace(/([^$])(?=[^$]{42}$)/, (first) => (first === 'A' ? 'B' : 'A'))
  expect(another).not.toBe(hash)
  expect(await verifyPassword('correct horse', another)).toBe(false)
  expect(await hashPassword('correct horse')).not.toBe(hash)
})

test('a hash made elsewhere verifies', async () => {
  // From the tests of the reference implementation: `argon2 somesalt -id -t 2 -m 16 -p 1`.
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await verifyPassword('password', stored)).toBe(true)
})

test.each([[undefined], [null], [''], ['$2b$10$something'], ['$argon2id$v=19$m=1$x']])(
  'no password matches the stored %j',
  async (stored) => {
    expect(await verifyPassword('', stored)).toBe(false)
  },
)

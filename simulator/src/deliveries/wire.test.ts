/** The bytes of deliveries: escapes, signatures, and what can be made wrong with them. */
import { expect, test } from 'vitest'
import { noFaults } from '../world/settings.ts'
import { escapeBody, signatureHeaders, signBody, signRequest, writeBody } from './wire.ts'

const secret = '0123456789abcdef0123456789abcdef'
const event = {
  sender: { id: '7689966077685933' },
  recipient: { id: '134968929707951' },
  timestamp: 1698637600838,
  message: { mid: 'm_1', text: 'äöå 😢 a/b' },
}
const entries = [{ id: '134968929707951', time: 1698637601363, messaging: [event] }]

test('a body is written with the escapes of Meta and signed as it stands', () => {
  const body = writeBody('page', entries, noFaults())
  expect(body).toBe(
    String.raw`{"object":"page","entry":[{"id":"134968929707951","time":1698637601363,"messaging":[{"sender":{"id":"7689966077685933"},"recipient":{"id":"134968929707951"},"timestamp":1698637600838,"message":{"mid":"m_1","text":"\u00e4\u00f6\u00e5 \ud83d\ude22 a\/b"}}]}]}`,
  )
  expect(Buffer.byteLength(body)).toBe(257)
  expect(signatureHeaders(secret, body, 'good')).toEqual({
    'x-hub-signature-256': 'sha256=728de90ca4fd548daa8c3d07ff3c3503902ccf52a675edc2e1ea4a1db76b4a61',
    'x-hub-signature': 'sha1=a675798902d79aa60dd2154818afd543a82db8b7',
  })
})

test('who parses the body and writes it again gets another signature', () => {
  const body = writeBody('page', entries, noFaults())
  expect(signBody(secret, JSON.stringify(JSON.parse(body)), 'sha256')).toBe(
    'sha256=268bed3ae50b0017caa29782795f03baf5b7c5dd6d41a7937a0729d67223db07',
  )
})

test('the public vector holds, and all four signs are escaped', () => {
  expect(signBody('sesame', 'hello world', 'sha256')).toBe(
    'sha256=f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17',
  )
  expect(escapeBody('1 < 2 / 3 % @ é')).toBe(String.raw`"1 \u003C 2 \/ 3 \u0025 \u0040 \u00e9"`)
})

test('a signed_request is the published one', () => {
  const payload = { algorithm: 'HMAC-SHA256', issued_at: 1698637601, user_id: '218471' }
  expect(signRequest(secret, payload)).toBe(
    'ZIZu7resHABglOMDWCN47RJE0VZKQpHaMmz5_Kg8KRM.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTY5ODYzNzYwMSwidXNlcl9pZCI6IjIxODQ3MSJ9',
  )
})

test('signatures can be wrong, missing or of the old kind alone', () => {
  const good = signatureHeaders(secret, 'x', 'good')
  expect(signatureHeaders(secret, 'x', 'bad')['x-hub-signature-256']).not.toBe(good['x-hub-signature-256'])
  expect(signatureHeaders(secret, 'x', 'missing')).toEqual({})
  expect(Object.keys(signatureHeaders(secret, 'x', 'sha1'))).toEqual(['x-hub-signature'])
})

test('ids can be numbers with all their digits, times seconds, and fields unknown', () => {
  const long = [{ id: '184719329217930001', messaging: [event] }]
  expect(writeBody('page', long, { ...noFaults(), hasNumberIds: true })).toContain('"id":184719329217930001,')
  const seconds = JSON.parse(writeBody('page', entries, { ...noFaults(), hasSeconds: true }))
  expect(seconds.entry[0].messaging[0].timestamp).toBe(1698637600)
  const strange = JSON.parse(writeBody('page', entries, { ...noFaults(), hasUnknownFields: true }))
  expect(strange).toHaveProperty('new_in_v99')
  expect(strange.entry[0].messaging[0].message).toHaveProperty('new_in_v99')
  expect(strange.entry[0].messaging[0].message.text).toBe('äöå 😢 a/b')
})

import { expect, test } from 'vitest'
import { pack, unpack } from './arrivals.sql.ts'
import { blankBytes, isSameHeaders, keptHeaders, keptUrl } from './blank.ts'
import { type Arrival, MOST_ENTRIES, openSheet, readSheet, SPAN_MS } from './sheet.ts'

const arrival = (n: number): Arrival => ({
  url: `/api/openchannel/accounts/1/notify?token=pbt_${'a'.repeat(40)}`,
  rawHeaders: ['Host', 'example.com', 'Content-Length', String(n), 'X-Source', n % 2 ? 'odd' : 'even'],
  body: n % 7 === 0 ? null : `request ${n} ÄÖÜ`,
  bodyBytes: n,
  answer: `answer ${n}`,
  at: 1_700_000_000_000 + n,
  durationMs: n / 3,
  status: n % 5 === 0 ? 400 : 200,
  flags: n % 5 === 0 ? 4 : 0,
  interactionId: n,
  messageId: 2 ** 40 + n,
  code: n % 5 === 0 ? 'OC-103' : '',
  reason: n % 5 === 0 ? 'from is missing.' : '',
})

test('a full sheet gives back every request as it was added', async () => {
  const sheet = openSheet(1, 4)
  let added = 0
  while (!sheet.isFull(arrival(added).at)) sheet.add(arrival(added++), true)
  expect(added).toBe(MOST_ENTRIES)
  const stored = pack(sheet.seal())
  expect(stored).toMatchObject({ count: added, refused: Math.ceil(added / 5) })
  const { entries, bodies } = await unpack(stored)
  expect(stored.entries.length).toBeLessThan(entries.length / 3)
  const read = readSheet(entries, stored.count)
  for (let n = 0; n < added; n++) {
    const { at, durationMs, interactionId, messageId, status, code, headers } = read.numbers(n)
    const { body, answer, ...expected } = arrival(n)
    expect({ at, durationMs, interactionId, messageId, status }).toEqual({
      at: expected.at,
      durationMs: expected.durationMs,
      interactionId: expected.interactionId,
      messageId: expected.messageId,
      status: expected.status,
    })
    expect(read.texts[code]).toBe(expected.code)
    expect(JSON.parse(read.texts[headers] ?? '')).toEqual({
      host: 'example.com',
      'x-source': n % 2 ? 'odd' : 'even',
    })
    const place = read.places(n)
    expect(bodies?.toString('utf8', ...place.request)).toBe(body ?? '')
    expect(bodies?.toString('utf8', ...place.answer)).toBe(answer)
  }
  // Nothing, the address, two sets of headers, the code, the reason: what repeats itself is written once.
  expect(read.texts).toHaveLength(6)
})

test('a sheet spans no more time than its readers look ahead, also when the clock goes back', () => {
  const sheet = openSheet(1, 4)
  sheet.add(arrival(0), true)
  const { at } = arrival(0)
  expect(sheet.isFull(at + SPAN_MS)).toBe(false)
  expect(sheet.isFull(at + SPAN_MS + 1)).toBe(true)
  expect(sheet.isFull(at - 1)).toBe(true)
})

test('headers are the same when they differ in the length of the body alone', () => {
  const headers = ['Host', 'a', 'content-length', '10']
  expect(isSameHeaders(headers, ['Host', 'a', 'content-length', '11'])).toBe(true)
  expect(isSameHeaders(headers, ['Host', 'b', 'content-length', '10'])).toBe(false)
  expect(isSameHeaders(headers, ['Host', 'a'])).toBe(false)
})

test.each([
  ['Authorization', 'Bearer pbt_x'],
  ['Proxy-Authorization', 'Basic eDp5'],
  ['Cookie', 'a=b'],
  ['X-Api-Key', 'k'],
  ['X-Auth-Token', 't'],
  ['X-Hub-Signature-256', 'sha256=x'],
  ['webhook-signature', 'v1,x'],
  ['X-Functions-Key', 'k'],
])('the header %s is kept by its name alone', (name, value) => {
  expect(keptHeaders([name, value])).toEqual({ [name.toLowerCase()]: '[secret]' })
})

test('headers whose names belong to every object are headers like others', () => {
  expect(Object.entries(keptHeaders(['__proto__', 'x', 'constructor', 'y']))).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

test('an address is kept as it was sent, but for its secrets, however they are written', () => {
  expect(keptUrl('/a?threadId=%C3%A4&n=1')).toBe('/a?threadId=%C3%A4&n=1')
  for (const secret of ['token=pbt_abc', '%74oken=abc', 'x=%70bt_abc', 'apikey=pbk_abc'])
    expect(keptUrl(`/a?${secret}`)).not.toContain('abc')
  expect(keptUrl('/a?token=%E0%A4%A')).toBe('/a?token=[secret]')
})

test('a secret in a body is overwritten in place, and what stands around it is not', () => {
  const bytes = Buffer.from('{"a":"pbt_Zm9v-_","b":"whsec_+/=x","c":"ä pbk_","d":"pb"}')
  const { length } = bytes
  blankBytes(bytes)
  expect(bytes.toString()).toBe('{"a":"pbt_******","b":"whsec_****","c":"ä pbk_","d":"pb"}')
  expect(bytes.length).toBe(length)
})

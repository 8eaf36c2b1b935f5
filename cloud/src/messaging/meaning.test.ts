import { expect, test } from 'vitest'
import type { Remedy } from '../graph/error-table.ts'
import { wordsOf } from '../texts/say.ts'
import { meaningOf } from './meaning.ts'

const rows: [code: number | null, subcode: number | null, status: number | null, remedy: Remedy][] = [
  [1, null, 400, 'retry'],
  [1, 99, 400, 'retry'],
  [2, 2018344, 400, 'refused'],
  [4, 2018022, 400, 'throttle-app'],
  [17, null, 400, 'throttle-app'],
  [32, null, 400, 'throttle-page'],
  [613, 1996, 400, 'throttle-page'],
  [613, 2018338, 400, 'refused'],
  [80001, null, 400, 'throttle-page'],
  [10, null, 400, 'reconnect'],
  [10, 2018278, 400, 'window-closed'],
  [10, 2018065, 400, 'window-closed'],
  [10, 2018108, 400, 'gone'],
  [10, 2018336, 400, 'refused'],
  [100, null, 400, 'refused'],
  [100, 33, 400, 'gone'],
  [100, 2018001, 400, 'gone'],
  [100, 2018008, 400, 'retry'],
  [100, 2018047, 400, 'refused'],
  [190, 463, 401, 'reconnect'],
  [190, null, 400, 'reconnect'],
  [200, 1545041, 400, 'gone'],
  [200, 2018028, 400, 'refused'],
  [200, null, 403, 'reconnect'],
  [298, null, 403, 'reconnect'],
  [551, 1545041, 400, 'gone'],
  [368, null, 400, 'throttle-page'],
  [1200, 2018024, 400, 'retry'],
  [10, 2018300, 400, 'refused'],
  [10900, null, 400, 'done'],
  [null, null, 429, 'throttle-page'],
  [null, null, 503, 'retry'],
  [null, null, null, 'retry'],
  [987654, null, 400, 'refused'],
  [987654, null, 500, 'retry'],
]
for (const [code, subcode, status, remedy] of rows)
  test(`code ${code}, subcode ${subcode}, status ${status}: ${remedy}, in words`, () => {
    const meaning = meaningOf({ code, subcode, status })
    expect(meaning.remedy).toBe(remedy)
    expect(wordsOf(meaning.words, 'en')).toMatch(/^[A-Z].+\.$/)
  })

test('what Meta itself calls transient is tried again, whatever its code', () => {
  expect(meaningOf({ code: 424242, subcode: null, status: 400, isTransient: true }).remedy).toBe('retry')
})

import { expect, test } from 'vitest'
import { logQuery, readFilters, without } from './filters.ts'

test('what stands in the address becomes the question to the server', () => {
  const filters = readFilters({ state: 'failed', direction: 'out', interaction: '12', text: ' 502 ' })
  expect(filters).toEqual({ state: 'failed', direction: 'out', interaction: 12, text: '502' })
  expect(logQuery(filters, 0)).toEqual({
    state: ['failed', 'dead', 'refused'],
    direction: 'out',
    interactionId: 12,
    text: '502',
  })
})

test('nonsense in the address is left out', () => {
  expect(
    readFilters({ state: 'constructor', direction: 'up', interaction: '-1', since: '2y', from: 'soon' }),
  ).toEqual({})
})

test('a rolling span is counted from the moment of asking and goes before fixed times', () => {
  const now = Date.parse('2026-11-20T12:00:00.000Z')
  expect(logQuery({ since: '1h', from: '2020-01-01T00:00:00.000Z' }, now)).toEqual({
    from: '2026-11-20T11:00:00.000Z',
  })
})

test('a filter is taken out and the others stay', () => {
  expect(without({ state: 'failed', since: '1h', text: 'a' }, 'since', 'text')).toEqual({ state: 'failed' })
})

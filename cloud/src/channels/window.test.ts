import { expect, test } from 'vitest'
import { type SendAs, sendAs, windowAfter } from './window.ts'

const sign = new Date('2026-07-01T12:00:00Z')
const later = (hours: number) => new Date(sign.getTime() + hours * 3_600_000)

const rows: [hours: number, isPerson: boolean, humanAgentAllowed: boolean, as: SendAs][] = [
  [0, true, true, 'response'],
  [23.9, false, false, 'response'],
  [24, true, true, 'human-agent'],
  [24, false, true, 'closed'],
  [24, true, false, 'closed'],
  [167.9, true, true, 'human-agent'],
  [168, true, true, 'closed'],
]
for (const [hours, isPerson, humanAgentAllowed, as] of rows)
  test(`${hours} h after the customer, by ${isPerson ? 'a person' : 'a program'}, tag ${humanAgentAllowed ? 'allowed' : 'not allowed'}: ${as}`, () => {
    expect(sendAs(sign, later(hours), { isPerson, humanAgentAllowed })).toBe(as)
  })

test('of a customer never heard of the channel itself decides', () => {
  expect(sendAs(null, sign, { isPerson: false, humanAgentAllowed: false })).toBe('response')
})

test('the end of both times is told', () => {
  expect(windowAfter(sign, true)).toEqual({ until: later(24), humanAgentUntil: later(168) })
  expect(windowAfter(sign, false).humanAgentUntil).toBeNull()
})

import { expect, test } from 'vitest'
import { changesTo, peopleOf, strangersOf, withChanges } from './members.ts'

const teams = [
  { id: 1, userIds: [10, 11] },
  { id: 2, userIds: [11, 12] },
]

test('somebody of two teams is counted once', () => {
  expect([...peopleOf({ agentIds: [10], teamIds: [1, 2] }, teams)]).toEqual([10, 11, 12])
})

test('a member of the queue who is an agent of the account by his team is no stranger', () => {
  const queue = { agentIds: [10, 13], teamIds: [2] }
  expect(strangersOf(queue, { agentIds: [], teamIds: [1] }, teams)).toEqual([13, 12])
})

test('who was added and who was taken away holds beside what somebody else saved meanwhile', () => {
  const changes = changesTo([1, 2, 3], [1, 3, 4])
  expect(withChanges([1, 2, 3], changes)).toEqual([1, 3, 4])
  expect(withChanges([1, 2, 5], changes)).toEqual([1, 5, 4])
  expect(withChanges([4, 5], changes)).toEqual([4, 5])
})

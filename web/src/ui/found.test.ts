import { expect, test } from 'vitest'
import { found } from './found.ts'

const options = ['Sale / Won', 'Sale / Lost', 'Rental / Won', 'Réclamation', 'Unsold'].map((label) => ({
  label,
}))
const labels = (text: string) => found(options, text).map(({ label }) => label)

test('nothing typed finds everything, in its order', () => {
  expect(labels('  ')).toEqual(options.map(({ label }) => label))
})

test('every word typed must be found, in any order and level, without regard to case and accents', () => {
  expect(labels('won')).toEqual(['Sale / Won', 'Rental / Won'])
  expect(labels('WON sa')).toEqual(['Sale / Won'])
  expect(labels('rec')).toEqual(['Réclamation'])
  expect(labels('sale/lo')).toEqual(['Sale / Lost'])
  expect(labels('zz')).toEqual([])
})

test('what begins with the word comes before what only holds it', () => {
  expect(labels('so')).toEqual(['Unsold'])
  expect(labels('l')).toEqual(['Sale / Lost', 'Sale / Won', 'Rental / Won', 'Réclamation', 'Unsold'])
})

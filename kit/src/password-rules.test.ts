import { dictionary } from '@zxcvbn-ts/language-common'
import { expect, test } from 'vitest'
import { weaknessOf } from './password-rules.ts'

const email = 'marta@example.com'
const words = dictionary['passwords-common'] as string[]

test('the three thousand most common passwords are refused, as they are and stretched to twelve characters', async () => {
  const chosen = words.slice(0, 3000)
  expect(chosen).toHaveLength(3000)
  const passed: string[] = []
  for (const word of chosen) if (!(await weaknessOf(word, email))) passed.push(word)
  // Those of digits alone are no core once the digits are gone: they are refused as they are.
  for (const word of chosen.filter((word) => /^[a-z]{4,}$/.test(word)))
    for (const stretched of [`${word}12345678!`, `${word}${word}${word}`, word.split('').join('-')])
      if (!(await weaknessOf(stretched, email))) passed.push(stretched)
  expect(passed).toEqual([])
})

test('every common one of twelve characters and more is refused', async () => {
  const long = words.filter((word) => word.length >= 12)
  expect(long.length).toBeGreaterThan(200)
  for (const word of long) expect(await weaknessOf(word.toUpperCase(), email)).toBeDefined()
})

test('sentences pass, also with a common word in them', async () => {
  for (const fine of ['the monkey sings at dawn', 'Nordwind und 3 Möwen', 'dragon fruit for breakfast'])
    expect(await weaknessOf(fine, email)).toBeUndefined()
})

test('the e-mail address and a few characters over and over are refused', async () => {
  expect(await weaknessOf(`x${email}x`, email)).toBe('contains the e-mail address')
  expect(await weaknessOf('ababababababab', email)).toBe('repeats too few characters')
})

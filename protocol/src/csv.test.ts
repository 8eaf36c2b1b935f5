import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['+39055', "'+39055"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  [' =1', "' =1"],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
])('%j is shown by a spreadsheet, never run', (text, cell) => {
  expect(csvLine([text])).toBe(`${cell}\r\n`)
})

test('commas, quotes and line ends stay within their cell; numbers stay numbers; nothing is an empty cell', () => {
  expect(csvLine(['a,b', 'say "so"', 'one\ntwo', -3, null])).toBe('"a,b","say ""so""","one\ntwo",-3,\r\n')
})

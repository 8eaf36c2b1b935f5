import { expect, test } from 'vitest'
import { highlight } from './highlight.ts'

const kinds = (code: string) =>
  highlight(code)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`)

test('words, strings and comments are told apart', () => {
  expect(kinds('curl -X POST "$URL" # 200')).toEqual([
    'word curl',
    'word POST',
    'string "$URL"',
    'comment # 200',
  ])
})

test('what looks like a comment inside an address or a string is none', () => {
  expect(kinds('fetch("https://a.example/#top") // go')).toEqual([
    'string "https://a.example/#top"',
    'comment // go',
  ])
})

test('nothing of the code is lost', () => {
  const code = `-d '{"from":"+39",\n "body":"it\\'s"}' \\\n  const x = \`a\``
  expect(
    highlight(code)
      .map(({ text }) => text)
      .join(''),
  ).toBe(code)
})

test('an unclosed quote in one line does not swallow the next', () => {
  expect(kinds('say "hello\nreturn')).toEqual(['word return'])
})

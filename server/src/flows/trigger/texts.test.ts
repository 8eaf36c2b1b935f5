import { expect, test } from 'vitest'
import { fillBody, fillUrl, isAddress } from './texts.ts'

const values = new Map([
  ['contact.firstName', 'Ada "Countess" & co'],
  ['contact.city', '../../admin'],
  ['contact.fax', '..'],
  ['message.body', 'two\nlines {{contact.city}}'],
])
const read = (name: string) => values.get(name) ?? ''

test('in an address a value stays in its place', () => {
  expect(fillUrl('https://crm.example/find/{{contact.city}}?q={{contact.firstName}}', read)).toBe(
    'https://crm.example/find/..%2F..%2Fadmin?q=Ada%20%22Countess%22%20%26%20co',
  )
  expect(new URL(fillUrl('https://crm.example/a/b/{{contact.fax}}/c', read)).pathname).toBe('/a/b//c')
})

test('in JSON a value is written so that the whole stays JSON, in other texts as it is', () => {
  const written = fillBody('{"name": "{{contact.firstName}}", "text": "{{message.body}}"}', read)
  expect(JSON.parse(written)).toEqual({ name: 'Ada "Countess" & co', text: 'two\nlines {{contact.city}}' })
  expect(fillBody('name={{contact.firstName}}', read)).toBe('name=Ada "Countess" & co')
})

test.each([
  ['https://crm.example/{{contact.id}}', true],
  ['http://crm.example?phone={{contact.phone}}', true],
  ['https://crm.example', true],
  ['https://{{contact.url}}/', false],
  ['https://crm.example{{contact.city}}/', false],
  ['{{contact.url}}', false],
  ['javascript:alert({{contact.id}})', false],
  ['ftp://crm.example/', false],
  ['https://user:password@crm.example/', false],
  ['crm.example', false],
])('that %s can be called or opened is %s', (url, expected) => {
  expect(isAddress(url)).toBe(expected)
})

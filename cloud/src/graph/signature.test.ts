import { expect, test } from 'vitest'
import { isSigned } from './signature.ts'

const secret = '0123456789abcdef0123456789abcdef'
const body = Buffer.from(
  String.raw`{"object":"page","entry":[{"id":"134968929707951","time":1698637601363,"messaging":[{"sender":{"id":"7689966077685933"},"recipient":{"id":"134968929707951"},"timestamp":1698637600838,"message":{"mid":"m_1","text":"\u00e4\u00f6\u00e5 \ud83d\ude22 a\/b"}}]}]}`,
)
const right = '728de90ca4fd548daa8c3d07ff3c3503902ccf52a675edc2e1ea4a1db76b4a61'

test('a body verifies by its raw bytes, escapes and all', () => {
  expect(body).toHaveLength(257)
  expect(isSigned(body, `sha256=${right}`, secret)).toBe(true)
  expect(
    isSigned(
      Buffer.from('hello world'),
      'sha256=f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17',
      'sesame',
    ),
  ).toBe(true)
})

const wrong: [name: string, header: string | string[] | undefined][] = [
  ['none', undefined],
  ['empty', ''],
  [
    'of the same body written anew',
    'sha256=268bed3ae50b0017caa29782795f03baf5b7c5dd6d41a7937a0729d67223db07',
  ],
  ['without its prefix', right],
  ['cut off', `sha256=${right.slice(0, 40)}`],
  ['of the older kind', 'sha1=a675798902d79aa60dd2154818afd543a82db8b7'],
  ['twice', [`sha256=${right}`, `sha256=${right}`]],
]
for (const [name, header] of wrong)
  test(`a signature ${name} does not verify`, () => {
    expect(isSigned(body, header, secret)).toBe(false)
  })

test('a byte changed, or another secret, does not verify', () => {
  const changed = Buffer.from(body)
  changed[10] = 32
  expect(isSigned(changed, `sha256=${right}`, secret)).toBe(false)
  expect(isSigned(body, `sha256=${right}`, `${secret}0`)).toBe(false)
})

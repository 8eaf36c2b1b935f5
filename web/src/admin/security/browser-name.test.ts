import { expect, test } from 'vitest'
import { browserName } from './browser-name.ts'

const ios = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
    'Edge, Windows',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  [`${ios} Version/18.1 Mobile/15E148 Safari/604.1`, 'Safari, iPhone'],
  ['curl/8.9.1', 'curl'],
  [null, 'nobody'],
])('%s is known as %s', (userAgent, name) => {
  expect(browserName(userAgent, 'nobody')).toBe(name)
})

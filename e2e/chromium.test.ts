// Which Chromium the browser tests take, when it is installed for them, and what is said when there is none.
import { expect, test } from 'vitest'
import { ensureChromium } from '../scripts/chromium.js'

/** A machine with these files, on which `apt-get install` puts others there or complains. */
function machine(options: {
  files?: string[]
  wanted?: string
  isRoot?: boolean
  installs?: string[]
  complaint?: string
}) {
  const { files = [], wanted, isRoot = true, installs = [], complaint = '' } = options
  const there = new Set(files)
  const calls: string[] = []
  const said: string[] = []
  return {
    calls,
    said,
    wanted,
    isRoot,
    exists: (path: string) => there.has(path),
    apt: (...args: string[]) => {
      calls.push(args.join(' '))
      if (args[0] === 'install') for (const file of installs) there.add(file)
      return args[0] === 'install' ? complaint : ''
    },
    say: (text: string) => void said.push(text),
  }
}

const debian = ['/usr/bin/apt-get']

test('what is there is taken, and nothing is installed', () => {
  const with2 = machine({ files: ['/usr/bin/google-chrome', '/usr/bin/chromium', ...debian] })
  expect(ensureChromium(with2)).toEqual({ ok: true, path: '/usr/bin/chromium' })
  expect([with2.calls, with2.said]).toEqual([[], []])
})

test('CHROMIUM goes before all others, and a wrong one is told rather than replaced', () => {
  const files = ['/usr/bin/chromium', '/opt/mine', ...debian]
  expect(ensureChromium(machine({ files, wanted: '/opt/mine' }))).toEqual({ ok: true, path: '/opt/mine' })
  const wrong = machine({ files, wanted: '/opt/gone' })
  expect(ensureChromium(wrong)).toEqual({
    ok: false,
    sentence: 'CHROMIUM is set to /opt/gone, and there is no such file.',
  })
  expect(wrong.calls).toEqual([])
})

test('as root on Debian it is installed, which is said before', () => {
  const bare = machine({ files: debian, installs: ['/usr/bin/chromium'] })
  expect(ensureChromium(bare)).toEqual({ ok: true, path: '/usr/bin/chromium' })
  expect(bare.said.join()).toContain('Installing Chromium')
  expect(bare.calls).toEqual(['update', 'install -y --no-install-recommends chromium fonts-noto-core'])
})

test.each([
  ['somebody who is not root', machine({ files: debian, isRoot: false })],
  ['a machine without apt-get', machine({ files: [] })],
])('to %s one sentence says what to do, and nothing is tried', (_, { ...bare }) => {
  expect(ensureChromium(bare)).toEqual({
    ok: false,
    sentence:
      'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path.',
  })
  expect(bare.calls).toEqual([])
})

test.each([
  ['E: Unable to locate package chromium', 'E: Unable to locate package chromium'],
  ['', 'apt-get did not say why'],
])('when apt-get fails with %j the last line is told', (complaint, why) => {
  const failing = machine({ files: debian, complaint: complaint && `W: something\n${complaint}\n` })
  expect(ensureChromium(failing)).toMatchObject({
    ok: false,
    sentence: expect.stringContaining(`Chromium could not be installed (${why})`),
  })
})

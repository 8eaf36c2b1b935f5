import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test, vi } from 'vitest'

let files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[]

beforeAll(async () => {
  // Vite takes the runner's `test` for a development build.
  vi.stubEnv('NODE_ENV', 'production')
  const root = fileURLToPath(new URL('..', import.meta.url))
  const built = await build({ root, mode: 'production', logLevel: 'error', build: { write: false } })
  vi.unstubAllEnvs()
  if (!('output' in built)) throw new Error('built more or less than once')
  files = built.output
}, 60_000)

/** Hosts that stand in what is built and are never asked: each with the reason why it is there. */
const words: Readonly<Record<string, string>> = {
  'www.w3.org': 'names of XML namespaces',
  'react.dev': 'where React explains its errors',
  'tailwindcss.com': 'the notice of its licence',
  'api.example.com': 'an example in a field',
  'alerts.example.com': 'the same',
  'login.example.com': 'the same',
  'relay.example.com': 'the same',
  'desk.invalid': 'a base for addresses without a host',
  localhost: 'a base for addresses without a host',
}

function hostsIn(text: string): string[] {
  const found = text.matchAll(/\b(?:https?|wss?):\\?\/\\?\/([\w.-]+)|(?:url\(|["'`=])\/\/([\w-]+\.[\w.-]+)/g)
  // At the end of a sentence stands its full stop.
  return [...found].map(([, named, bare]) => (named ?? bare ?? '').replace(/\.$/, ''))
}

test('nothing of what is built names a host that a browser could be sent to', () => {
  const named = files.flatMap((file) => {
    const text = file.type === 'chunk' ? file.code : Buffer.from(file.source).toString('latin1')
    return hostsIn(text)
      .filter((host) => !(host in words))
      .map((host) => `${host} in ${file.fileName}`)
  })
  expect(files.length).toBeGreaterThan(20)
  expect([...new Set(named)]).toEqual([])
})

test('negative control: hosts are seen in every way of writing them', () => {
  const text = `fetch("https://a.example/x");url(//b.example/f.woff2);<script src="//c.example/x">;new WebSocket('wss://d.example');"http:\\/\\/e.example"`
  expect(hostsIn(text)).toEqual(['a.example', 'b.example', 'c.example', 'd.example', 'e.example'])
})

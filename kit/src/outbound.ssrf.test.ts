// Nothing that a stranger writes into an address makes the guarded door call this machine.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { DoorError } from './door-error.ts'
import { createDoor, type Door } from './outbound.ts'
import { parseOutboundAllow } from './outbound-policy.ts'

const anywhere = { host: '0.0.0.0', publicUrl: 'https://desk.example.com' }
let hits = 0
const trap = createServer((_request, response) => {
  hits++
  response.end('caught')
})
await new Promise<void>((ready) => trap.listen(0, '127.0.0.1', ready))
const { port } = trap.address() as AddressInfo

// Every name leads to the trap, as a name of an attacker would.
const resolve = async (): Promise<string[]> => ['127.0.0.1', '::1', '::ffff:127.0.0.1']
const guarded = createDoor({ allow: parseOutboundAllow([], anywhere), resolve })
const wideOpen = createDoor({ allow: parseOutboundAllow(['0.0.0.0/0', '::/0'], anywhere), resolve })

beforeEach(() => {
  hits = 0
})
afterAll(async () => {
  await Promise.all([guarded.close(), wideOpen.close()])
  trap.closeAllConnections()
  trap.close()
})

/** How inet_aton, the URL standard and their imitators let one write an IPv4 address. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  const bases = [
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0X${n.toString(16).toUpperCase().padStart(4, '0')}`,
    (n: number) => `0${n.toString(8)}`,
    (n: number) => `000${n.toString(8)}`,
  ]
  const parts = [
    [a, b, c, d],
    [a, b, c * 256 + d],
    [a, (b * 256 + c) * 256 + d],
    [((a * 256 + b) * 256 + c) * 256 + d],
  ]
  const written = parts.flatMap((numbers) =>
    bases.flatMap((first) =>
      bases.map((rest) => numbers.map((n, i) => (i === 0 ? first(n) : rest(n))).join('.')),
    ),
  )
  const wide = (text: string): string =>
    text.replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
  const escaped = (text: string): string =>
    [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')
  const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  const embedded = [
    `::ffff:${address}`,
    `::ffff:${hex}`,
    `::${address}`,
    `::ffff:0:${address}`,
    `64:ff9b::${address}`,
    `64:ff9b::${hex}`,
    `64:ff9b:1::${hex}`,
    `2002:${hex}::`,
    `2002:${hex}::1`,
    `2001:0:${hex}::`,
    `2001:db8::${hex}`,
    `fe80::5efe:${hex}`,
    `0:0:0:0:0:ffff:${hex}`,
    `0000:0000:0000:0000:0000:FFFF:${hex.toUpperCase()}`,
  ]
  const plain = [...new Set(written)]
  return [
    ...plain,
    ...plain.map((text) => `${text}.`),
    ...plain.map(wide),
    wide(address).replaceAll('.', '。'),
    escaped(address),
    ...embedded.map((text) => `[${text}]`),
  ]
}

function urlsAround(host: string): string[] {
  const at = `${host}:${port}`
  return [
    `http://${at}/`,
    `HTTP://${at}`,
    `http:\\\\${at}\\`,
    `http:/${at}/`,
    ` http://${at}/\t`,
    `http://${at}/#@example.com`,
    `https://${at}/?x=1`,
  ]
}

const blocked = [
  '127.0.0.1',
  '127.0.0.53',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '169.254.169.254',
  '192.168.1.1',
  '100.64.0.1',
]
const tricks = [
  `http://example.com@127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}@example.com/`,
  `http://localhost:${port}/`,
  `http://LOCALHOST.:${port}/`,
  `http://a.localhost:${port}/`,
  `http://attacker.example:${port}/`,
  `http://[::1]:${port}/`,
  `http://[0:0:0:0:0:0:0:1]:${port}/`,
  `http://[::]:${port}/`,
  `http://[fe80::1%25lo]:${port}/`,
  `http://ⓛocalhost:${port}/`,
  `http://①②⑦.⓪.⓪.①:${port}/`,
  `ftp://127.0.0.1:${port}/`,
  `file:///etc/passwd`,
  `gopher://127.0.0.1:${port}/`,
  `data:text/plain,hello`,
  `//127.0.0.1:${port}/`,
  `127.0.0.1:${port}`,
  '',
]
const corpus = [...new Set([...blocked.flatMap(spellings).flatMap(urlsAround), ...tricks])]

async function outcomes(door: Door, urls: readonly string[]): Promise<string[]> {
  return await Promise.all(
    urls.map((url) =>
      door.request({ method: 'GET', url, timeoutMs: 2_000 }).then(
        () => 'answered',
        (error: unknown) => (error instanceof DoorError ? error.code : String(error)),
      ),
    ),
  )
}

test('no spelling in a corpus of thousands reaches this machine', async () => {
  expect(corpus.length).toBeGreaterThan(5_000)
  const others = new Set<string>()
  for (let i = 0; i < corpus.length; i += 500) {
    for (const code of await outcomes(guarded, corpus.slice(i, i + 500))) {
      if (code !== 'blocked-address' && code !== 'bad-url') others.add(code)
    }
  }
  expect([...others]).toEqual([])
  expect(hits).toBe(0)
})

test('negative control: a door without the guard is caught by the same corpus', async () => {
  const loopback = corpus.filter(
    (url) =>
      url.trim().toLowerCase().startsWith('http:') &&
      URL.canParse(url) &&
      new URL(url).hostname === '127.0.0.1',
  )
  for (let i = 0; i < loopback.length; i += 200) await outcomes(wideOpen, loopback.slice(i, i + 200))
  expect(hits).toBeGreaterThan(500)
})

test('a name server that changes its answer between check and connection gains nothing', async () => {
  let asked = 0
  const rebinding = async (): Promise<string[]> => [asked++ % 2 === 0 ? '192.0.2.1' : '127.0.0.1']
  const door = createDoor({ allow: parseOutboundAllow(['192.0.2.1'], anywhere), resolve: rebinding })
  const urls = Array.from({ length: 40 }, (_, i) => `http://rebind-${i}.example:${port}/`)
  const answers = await Promise.all(
    urls.map((url) => door.request({ method: 'GET', url, timeoutMs: 300 }).catch((error) => error.code)),
  )
  expect(asked).toBeGreaterThanOrEqual(40)
  expect(answers).not.toContainEqual(expect.objectContaining({ status: 200 }))
  expect(hits).toBe(0)
  await door.close()
})

test('negative control: asking once to check and once to connect is caught by that name server', async () => {
  let asked = 0
  const rebinding = async (): Promise<string[]> => [asked++ % 2 === 0 ? '192.0.2.1' : '127.0.0.1']
  const checked = await rebinding()
  expect(checked).toEqual(['192.0.2.1'])
  const door = createDoor({ allow: parseOutboundAllow(['0.0.0.0/0'], anywhere), resolve: rebinding })
  await door.request({ method: 'GET', url: `http://rebind.example:${port}/` })
  expect(hits).toBe(1)
  await door.close()
})

test('a name with a public and a private address is called only at the public one', async () => {
  const door = createDoor({
    allow: parseOutboundAllow(['127.0.0.2'], anywhere),
    resolve: async () => ['127.0.0.1', '127.0.0.2'],
  })
  await door
    .request({ method: 'GET', url: `http://mixed.example:${port}/`, timeoutMs: 1_000 })
    .catch(() => {})
  expect(hits).toBe(0)
  await door.close()
})

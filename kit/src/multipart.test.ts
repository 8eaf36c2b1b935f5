// Multipart bodies as they come over a real connection, whole and broken.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FilePart, type MultipartOptions, readMultipart } from './multipart.ts'
import { watchPace } from './pace.ts'
import { Refusal } from './refusal.ts'

let read: (request: IncomingMessage) => Promise<unknown>
const server = createServer((request, response) => {
  read(request).then(
    (value) => response.end(JSON.stringify(value)),
    (error) => {
      response.statusCode = error instanceof Refusal ? error.status : 500
      response.end(JSON.stringify({ code: error.code ?? String(error) }))
    },
  )
})
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function post(body: RequestInit['body'], headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: body ?? null, headers })
  return { status: response.status, body: (await response.json()) as { files?: unknown; code?: string } }
}

function reading(options: Partial<MultipartOptions> = {}): void {
  read = async (request) => {
    const files: unknown[] = []
    const onFile = async ({ field, name, bytes, isCut }: FilePart): Promise<void> => {
      const content = await text(bytes)
      files.push({ field, name, content, isCut: isCut() })
    }
    return { fields: await readMultipart(request, { fileBytes: 10, onFile, ...options }), files }
  }
}

function form(entries: [string, string | Blob, string?][]): FormData {
  const form = new FormData()
  for (const [name, value, file] of entries)
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, file)
  return form
}

const raw = (body: string) => post(body, { 'content-type': 'multipart/form-data; boundary=b' })

test('fields come in their order, repeated ones too, and files with their names', async () => {
  reading()
  const body = form([
    ['a', '1'],
    ['file', new Blob(['é']), 'ü.txt'],
    ['a', '2'],
    ['__proto__', '3'],
  ])
  expect(await post(body)).toEqual({
    status: 200,
    body: {
      fields: [
        ['a', '1'],
        ['a', '2'],
        ['__proto__', '3'],
      ],
      files: [{ field: 'file', name: 'ü.txt', content: 'é', isCut: false }],
    },
  })
})

test('a file of exactly the limit is whole, one byte more is cut', async () => {
  reading()
  for (const [size, isCut] of [
    [10, false],
    [11, true],
  ] as const) {
    const { body } = await post(form([['file', new Blob(['x'.repeat(size)]), 'a']]))
    expect(body.files).toMatchObject([{ isCut, content: 'xxxxxxxxxx' }])
  }
})

test('more fields than allowed, and larger ones, are refused with the codes asked for', async () => {
  const codes = { unreadable: 'OC-111', tooLarge: 'OC-107' } as const
  reading({ codes, fieldsBytes: 100 })
  const many = Array.from({ length: 257 }, (_, i): [string, string] => [`k${i}`, ''])
  expect(await post(form(many))).toMatchObject({ status: 400, body: { code: 'OC-111' } })
  expect((await post(form(many.slice(1)))).status).toBe(200)
  expect(await post(form([['a', 'x'.repeat(101)]]))).toMatchObject({ status: 413, body: { code: 'OC-107' } })
  reading({ codes })
  expect(await post(form([['a', 'x'.repeat(65_537)]]))).toMatchObject({
    status: 400,
    body: { code: 'OC-111' },
  })
})

test('what is cut off or malformed is refused', async () => {
  reading()
  const start = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
  for (const body of ['', 'x', '--b', start, `${start}data`, `${start}data\r\n--b`])
    expect(await raw(body), body).toMatchObject({ status: 400, body: { code: 'GE-101' } })
  for (const boundary of ['', '; boundary=', '; boundary=""', `; boundary=${'x'.repeat(300)}`])
    expect(await post('x', { 'content-type': `multipart/form-data${boundary}` })).toMatchObject({
      status: 400,
    })
})

test('a body that is cut off before anybody reads its file is refused, and no error is left unheard', async () => {
  reading({
    onFile: async ({ bytes }) => {
      await new Promise((next) => setTimeout(next, 20))
      await text(bytes)
    },
  })
  const cut = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ndata'
  expect(await raw(cut)).toMatchObject({ status: 400, body: { code: 'GE-101' } })
})

test('a refusal of whoever takes the file ends the reading, and the sender gets to read it', async () => {
  reading({
    fileBytes: 100_000_000,
    onFile: async ({ bytes }) => {
      bytes.resume()
      throw new Refusal('AT-104')
    },
  })
  const body = form([['file', new Blob([new Uint8Array(5_000_000)]), 'a']])
  expect(await post(body)).toMatchObject({ status: 400, body: { code: 'AT-104' } })
})

test('a request that trickles is told so, one that keeps the pace or has ended is not', async () => {
  const pace = { bytesPerSecond: 10_000, windowMs: 60 }
  const slow = (bytesEvery10Ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      read = async (request) => {
        const stop = watchPace(request, () => resolve(true), pace)
        await text(request)
        stop()
        resolve(false)
      }
      const pieces = (async function* () {
        for (let i = 0; i < 40; i++) {
          yield Buffer.alloc(bytesEvery10Ms)
          await new Promise((next) => setTimeout(next, 10))
        }
      })()
      const { port } = server.address() as AddressInfo
      const body = ReadableStream.from(pieces) as ReadableStream<Uint8Array>
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, duplex: 'half' }).catch(() => {})
    })
  expect(await slow(1)).toBe(true)
  expect(await slow(5000)).toBe(false)
})

// A body that stalls is given up after its own time, long before the server's.

import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let readText: typeof import('./body.ts')['readText']

const message = (headers: Record<string, string> = {}): PassThrough & IncomingMessage =>
  Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  // Its clock is shared by all bodies, and must be one of this test's timers.
  vi.resetModules()
  ;({ readText } = await import('./body.ts'))
})
afterEach(() => {
  vi.useRealTimers()
})

test('a body in pieces is one text, also where a piece ends inside a character', async () => {
  const payload = message()
  const text = readText(payload, 100, 'GE-106')
  const bytes = Buffer.from('grüße')
  for (const byte of bytes) payload.write(Buffer.of(byte))
  payload.end()
  expect(await text).toBe('grüße')
})

test('a body that does not end within 15 seconds is refused as too slow', async () => {
  const payload = message()
  const text = readText(payload, 100, 'GE-106')
  payload.write('{')
  vi.advanceTimersByTime(14_999)
  payload.write('"')
  vi.advanceTimersByTime(251)
  await expect(text).rejects.toMatchObject({ code: 'GE-112', status: 408 })
})

test('a body that announces too much is refused before it is read', async () => {
  await expect(readText(message({ 'content-length': '101' }), 100, 'OC-107')).rejects.toMatchObject({
    code: 'OC-107',
    status: 413,
  })
})

test('all bodies that are being read hold 64 MiB at most, however many send at a time', async () => {
  const MIB = 1024 * 1024
  const start = (): { payload: ReturnType<typeof message>; text: Promise<string> } => {
    const payload = message()
    const text = readText(payload, MIB, 'GE-106')
    payload.write(Buffer.alloc(MIB, 'x'))
    return { payload, text }
  }
  const open = Array.from({ length: 64 }, start)
  await expect(start().text).rejects.toMatchObject({ code: 'GE-109', status: 503 })

  const [cut, ended] = open.splice(0, 2)
  cut?.payload.destroy(new Error('aborted'))
  await expect(cut?.text).rejects.toMatchObject({ code: 'GE-113' })
  ended?.payload.end()
  expect(await ended?.text).toHaveLength(MIB)
  open.push(start(), start())
  await expect(start().text).rejects.toMatchObject({ code: 'GE-109' })
  for (const { payload } of open) payload.end()
  for (const { text } of open) expect(await text).toHaveLength(MIB)
})

test('a connection that breaks inside the body is a refusal, not a mistake of ours', async () => {
  const payload = message()
  const text = readText(payload, 100, 'GE-106')
  payload.destroy(new Error('aborted'))
  await expect(text).rejects.toMatchObject({ code: 'GE-113' })
})

test('what is left of a refused body is read into nothing for ten seconds, then the connection is given up', async () => {
  const payload = message({ 'content-length': '1000000' })
  await expect(readText(payload, 100, 'OC-107')).rejects.toMatchObject({ status: 413 })
  payload.write('x'.repeat(1000))
  vi.advanceTimersByTime(9_999)
  expect(payload.destroyed).toBe(false)
  vi.advanceTimersByTime(1)
  expect(payload.destroyed).toBe(true)
})

test('a refused body that has come to its end costs nobody the connection', async () => {
  const payload = message({ 'content-length': '101' })
  await expect(readText(payload, 100, 'OC-107')).rejects.toMatchObject({ status: 413 })
  Object.assign(payload, { complete: true })
  vi.advanceTimersByTime(60_000)
  expect(payload.destroyed).toBe(false)
})

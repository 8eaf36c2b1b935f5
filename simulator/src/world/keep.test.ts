/** The world comes back after a restart, with what was owed, and one folder has one box. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { startSimulator } from '../simulator.ts'
import { connected, ids } from '../testing.ts'

test('people, pages, tokens, messages, files, the clock and what is owed come back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-simulator-'))
  try {
    const box = await connected({ dataDir })
    await expect(startSimulator({ dataDir })).rejects.toThrow(/another simulator/)
    box.subscriber.settings.status = 500
    const files = [{ name: 'bike.png', type: 'image/png' }]
    await box.control('customer/send-file', { ...box.customer, text: 'Look', files })
    await box.settle()
    await box.control('clock/advance', { ms: 600_000 })
    const { now } = await box.control('clock/advance', { ms: 0 })
    await box.control('customer/write', { ...box.customer, text: 'Are you there?' })
    await box.settle()
    await box.close()

    box.subscriber.settings.status = 200
    const again = await startSimulator({ dataDir })
    try {
      expect(again.box.clock.now()).toBeGreaterThanOrEqual(now)
      const me = await fetch(`${again.origin}/me?access_token=${box.token}`)
      expect(JSON.parse(await me.text())).toEqual({ name: 'Nord Bikes', id: ids.bikes })
      const [thread] = again.box.world.threads.values()
      expect(thread?.messages.map(({ text }) => text)).toEqual(['Look', 'Are you there?'])
      const before = [...box.box.world.files.values()].map(({ bytes }) => bytes.toString('base64'))
      expect([...again.box.world.files.values()].map(({ bytes }) => bytes.toString('base64'))).toEqual(before)
      await again.box.clock.advance(1_800_000)
      const taken = box.subscriber.events().slice(-2)
      expect(new Set(taken.map(({ message }) => message.text))).toEqual(new Set(['Look', 'Are you there?']))
    } finally {
      await again.close()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('the environment is read whole, and every problem is named at once', () => {
  expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 3005, redirectUris: [] })
  expect(readConfig({ SIMULATOR_REDIRECT_URIS: 'http://a/b?c=d,http://e/' }).redirectUris).toEqual([
    'http://a/b?c=d',
    'http://e/',
  ])
  expect(() => readConfig({ SIMULATOR_PORT: 'x', SIMULATOR_APP_ID: 'x' })).toThrow(
    /SIMULATOR_APP_ID[\s\S]*SIMULATOR_PORT/,
  )
})

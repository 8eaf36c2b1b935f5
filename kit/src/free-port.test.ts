import { expect, test, vi } from 'vitest'
import { freePort } from './free-port.ts'

// The lowest that may come, which is the nearest to those that fetch refuses.
vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof import('node:crypto')>()),
  randomInt: (lowest: number) => lowest,
}))

/** Whether fetch refuses the port by its number; one on which nobody listens fails by another cause. */
async function isBad(port: number): Promise<boolean> {
  const failed: unknown = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error)
  return failed instanceof TypeError && failed.cause instanceof Error && failed.cause.message === 'bad port'
}

test('a free port is never one of those to which fetch refuses to connect', async () => {
  expect(await isBad(10_080), 'the highest of them').toBe(true)
  const lowest = await freePort()
  expect(lowest).toBeGreaterThan(10_080)
  expect(await isBad(lowest)).toBe(false)
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '@patchbay/kit/free-port.ts'
import { expect, test } from 'vitest'
import { demandFree } from './ports.ts'

test('a port that another program has is named with the variable that sets it, and free ones stay free', async () => {
  const [free, taken] = [await freePort(), await freePort()]
  const other = createServer().listen(taken, '127.0.0.1')
  await once(other, 'listening')
  await expect(demandFree('127.0.0.1', { PORT: free, CLOUD_PORT: taken })).rejects.toThrow(
    `Port ${taken} is taken by another program: stop it, or set CLOUD_PORT.`,
  )
  await new Promise((closed) => other.close(closed))
  await demandFree('127.0.0.1', { PORT: free, CLOUD_PORT: taken })
})

test('a port that takes rights this user lacks is named with its variable, in one sentence', async () => {
  const forbid = async (_: string, port: number) => (port < 1024 ? ('forbidden' as const) : undefined)
  await expect(demandFree('127.0.0.1', { CLOUD_PORT: 3001, PORT: 80 }, forbid)).rejects.toThrow(
    'Port 80 may not be opened by this user: set PORT to one from 1024 on.',
  )
})

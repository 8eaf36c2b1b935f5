// Connections of desks that are cut again and again, doubled by a second tab, and left half open: every message is shown once, in order.
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Desk, openDesk } from './desk.ts'
import { folder, start } from './start.ts'
import { allTrue, judge } from './truths.ts'
import { isLong, ownDatabase, startWorld } from './world.ts'

const CUTS = isLong ? 200 : 20

async function ordeal() {
  const program = await start({ dataDir: await folder() })
  const database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database, closing: false })
  // A second tab of the first agent shows what the first shows, and says nothing.
  const tab: Desk = openDesk({ origins: [program.origin], key: world.keys[0] ?? '' })
  const follow = async (): Promise<void> => {
    for (const id of world.agents[0]?.desk.state.threads.keys() ?? [])
      if (!tab.state.threads.has(id)) await tab.open(id)
  }
  await world.progress(40, 30)
  const desks = [tab, ...world.agents.map(({ desk }) => desk)]
  for (let cut = 0; cut < CUTS; cut++) {
    await follow()
    desks[cut % desks.length]?.cut()
    await sleep(50)
  }
  await world.progress(40, 30)
  await follow()
  await world.settle()
  return { program, database, world, tab }
}

test('desks that are cut and doubled show what is there, once and in order', async () => {
  const { program, database, world, tab } = await ordeal()
  expect(tab.connections).toBeGreaterThan(1)
  expect(tab.state.threads.size).toBeGreaterThan(0)
  const memory = { acknowledged: [], answers: [], calls: [], desks: [tab] }
  await expect.poll(async () => (await judge(database, memory)).misshown, { timeout: 40_000 }).toEqual([])
  expect(await world.judge()).toEqual(allTrue)

  // The control: one message less.
  const [shown] = tab.state.threads.values()
  const last = shown?.items.findLastIndex(({ type }) => type === 'message') ?? 0
  shown?.items.splice(last, 1)
  expect((await judge(database, memory, 0)).misshown).toHaveLength(1)

  await tab.close()
  await database.end()
  await program.stop()
})

test('hundreds of connections that say nothing, half a request or half a greeting keep nobody out', async () => {
  const program = await start({ dataDir: await folder() })
  const database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database })
  await world.progress(20, 10)
  const halves = [
    '',
    'POST /api/openchannel/accounts/1/notify HTTP/1.1\r\nhost: x\r\n',
    'GET /api/socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n',
    'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
  ]
  const sockets = Array.from({ length: isLong ? 2_000 : 400 }, (_, n) => {
    const socket = createConnection(program.port, 'localhost')
    socket.on('error', () => {})
    socket.write(halves[n % halves.length] ?? '')
    return socket
  })
  await world.progress(60, 30)
  expect(world.customers.refused).toEqual([])
  expect(world.customers.unanswered).toBe(0)
  for (const socket of sockets) socket.destroy()
  await world.progress(20, 10)
  await world.settle()
  expect(await world.judge()).toEqual(allTrue)
  await database.end()
  expect(await program.stop()).toBe(0)
})

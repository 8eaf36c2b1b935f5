// SIGTERM in the middle of the work: what was begun is finished or given back, and the next start doubles nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually } from '../service.ts'
import { folder, start } from './start.ts'
import { allTrue } from './truths.ts'
import { endLeases, isLong, ownDatabase, startWorld, type World } from './world.ts'

const ROUNDS = isLong ? 10 : 1
const ANSWERED_AFTER_MS = 200

/** Restarts in the middle of slow deliveries, ending the program in the way given. */
async function ordeal(end: 'stop' | 'kill') {
  const dataDir = await folder()
  let program = await start({ dataDir })
  let database = await ownDatabase(program)
  let underWay = 0
  const world = await startWorld({
    programs: [program],
    database,
    customers: 6,
    agents: 2,
    async reply(response) {
      underWay++
      await sleep(ANSWERED_AFTER_MS)
      underWay--
      response.end('{}')
      return true
    },
  })
  for (let round = 0; round < ROUNDS; round++) {
    await world.progress(20, 10)
    await eventually(() => underWay >= 2 || undefined, 'deliveries to be under way')
    if (end === 'stop') expect(await program.stop()).toBe(0)
    else await program.kill()
    await database.end().catch(() => {})
    program = await start({ dataDir, port: program.port })
    database = await ownDatabase(program)
    if (end === 'kill') await endLeases(database)
  }
  await world.progress(20, 10)
  await world.settle(database)
  const truths = await world.judge(database)
  await database.end()
  await program.stop()
  return { truths, world }
}

function madeTwice({ receiver }: World): number {
  return receiver.calls.length - new Set(receiver.calls.map(({ messageId }) => messageId)).size
}

test('a program told to stop ends with 0, says goodbye to desks, and its next start makes no delivery twice', async () => {
  const { truths, world } = await ordeal('stop')
  expect(truths).toEqual(allTrue)
  expect(madeTwice(world)).toBe(0)
  expect(world.agents.map(({ desk }) => desk.goodbyes[0])).toEqual(world.agents.map(() => 'stopping'))
})

test('the same ordeal with a program that is killed makes deliveries twice, under the same webhook id', async () => {
  const { truths, world } = await ordeal('kill')
  expect(truths).toEqual(allTrue)
  expect(madeTwice(world)).toBeGreaterThan(0)
})

// Clocks that jump by hours: leases, sessions, offers, retries and desks neither stall nor double.
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { admin } from '../program.ts'
import { folder, start } from './start.ts'
import { allTrue } from './truths.ts'
import { ownDatabase, startWorld } from './world.ts'

const HOURS_MS = 5 * 3600_000

async function programWithClock(env: Record<string, string> = {}) {
  const dataDir = await folder()
  const file = `${dataDir}/clock`
  await writeFile(file, '0')
  const program = await start({
    dataDir,
    env: { NODE_OPTIONS: `--import=${import.meta.dirname}/clock.js`, CLOCK_FILE: file, ...env },
  })
  return {
    program,
    async jump(ms: number) {
      await writeFile(file, String(ms))
      program.child.kill('SIGUSR2')
    },
  }
}

test('the clock of the program jumps forward and back, that of the database forward, and all goes on', async () => {
  const { program, jump } = await programWithClock()
  const database = await ownDatabase(program)
  let calls = 0
  const world = await startWorld({
    programs: [program],
    database,
    reply(response) {
      // So rare that the endpoint does not count as down.
      const isTaken = ++calls % 25 !== 0
      response.writeHead(isTaken ? 200 : 503).end('{}')
      return isTaken
    },
  })
  const signedIn = await fetch(`${program.origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: program.origin },
    body: JSON.stringify(admin),
  })
  const cookie = String(signedIn.headers.get('set-cookie')).split(';')[0] ?? ''
  const isSignedIn = async () => (await fetch(`${program.origin}/api/me`, { headers: { cookie } })).ok

  await world.progress(30, 20)
  for (const ms of [HOURS_MS, -HOURS_MS, 0]) {
    await jump(ms)
    await world.progress(40, 30)
    expect(await isSignedIn()).toBe(true)
  }
  // As if the database's clock had gone forward: all that was to end in a while ends now.
  await database.query(`
    update presence set lease_until = lease_until - interval '5 hours';
    update offer set expires_at = expires_at - interval '5 hours' where state = 'open';
    update lane set next_at = next_at - interval '5 hours' where next_at is not null`)
  await world.progress(40, 30)
  expect(await isSignedIn()).toBe(true)
  await world.settle()
  expect(await world.judge()).toEqual(allTrue)
  await database.end()
  expect(await program.stop()).toBe(0)
})

test('a program whose every clock goes back comes to a halt', async () => {
  const { program, jump } = await programWithClock({ CLOCK_ALL: 'yes' })
  const database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database, customers: 4, agents: 2 })
  await world.progress(10, 5)
  await jump(-HOURS_MS)
  await expect(world.progress(40, 30, 8_000)).rejects.toThrow('in vain')
  await database.end()
})

// kill -9 of the program, alone and with every process of its database, in the middle of receiving, routing and delivering.
import { expect, test } from 'vitest'
import { killAll } from './processes.ts'
import { folder, start } from './start.ts'
import { allTrue } from './truths.ts'
import { endLeases, isLong, ownDatabase, startWorld } from './world.ts'

const ROUNDS = isLong ? 30 : 2

test('whatever is killed, nothing acknowledged is lost, nothing doubled, and every order kept', async () => {
  const dataDir = await folder()
  let program = await start({ dataDir })
  let database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database })
  for (let round = 0; round < ROUNDS; round++) {
    await world.progress(60, 40)
    if (round % 2 === 0) await killAll(program)
    else await program.kill()
    await database.end().catch(() => {})
    program = await start({ dataDir, port: program.port })
    database = await ownDatabase(program)
    await endLeases(database)
  }
  await world.progress(30, 20)
  await world.settle(database)
  expect(await world.judge(database)).toEqual(allTrue)
  expect(world.customers.unanswered).toBeGreaterThan(0)
  expect(await program.stop()).toBe(0)
})

test('the recorder finds losses in a database that is told to acknowledge before its log is on the disk', async () => {
  const dataDir = await folder()
  let program = await start({ dataDir })
  let database = await ownDatabase(program)
  // Agents would write durably in between, and take what came before along to the disk.
  const world = await startWorld({ programs: [program], database, customers: 24, agents: 0, pauseMs: 0 })
  // By itself it would write its log five times a second, and what is lost would be a matter of the moment.
  await database.query(`alter system set wal_writer_delay = '10s'`)
  await database.query(`
    select pg_reload_conf();
    create function hurry() returns trigger language plpgsql as $$
    begin
      perform set_config('synchronous_commit', 'off', true);
      return null;
    end $$;
    create trigger hurry after insert on message for each statement execute function hurry()`)
  for (let round = 0; round < 2; round++) {
    await world.progress(300, 0)
    await killAll(program)
    program = await start({ dataDir, port: program.port })
  }
  database = await ownDatabase(program)
  expect((await world.judge(database)).lost).not.toEqual([])
})

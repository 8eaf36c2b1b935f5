// Several programs on one database: they share the work, one takes over from another, and nothing is done twice.
import { expect, test } from 'vitest'
import { startCluster } from './start.ts'
import { allTrue } from './truths.ts'
import { endLeases, isLong, startWorld } from './world.ts'

const NODES = isLong ? 3 : 2
const ROUNDS = isLong ? 10 : 1

test('of several nodes one is killed and one is stopped at a time, and the others go on with what they had', async () => {
  const cluster = await startCluster()
  const programs = await Promise.all(Array.from({ length: NODES }, () => cluster.node()))
  const database = await cluster.connect()
  const world = await startWorld({ programs, database })
  await world.progress(60, 40)
  for (let round = 0; round < ROUNDS; round++) {
    const place = round % NODES
    await programs[place]?.kill()
    await endLeases(database)
    await world.progress(40, 20)
    const other = programs[(place + 1) % NODES]
    const [again] = await Promise.all([
      cluster.node({}, programs[place]?.port),
      // The killed one may still be starting: nobody is there for a moment.
      other?.stop().then((exitCode) => expect(exitCode).toBe(0)),
    ])
    programs[place] = again
    await world.progress(40, 20)
    programs[(place + 1) % NODES] = await cluster.node({}, other?.port)
    await world.progress(40, 20)
  }
  await endLeases(database)
  await world.settle()
  expect(await world.judge()).toEqual(allTrue)
  const goodbyes = world.agents.flatMap(({ desk }) => desk.goodbyes)
  expect(new Set(goodbyes)).toEqual(new Set(['stopping']))
  await database.end()
  expect(await Promise.all(programs.map((program) => program.stop()))).toEqual(programs.map(() => 0))
})

test('the recorder sees what two nodes store twice when ids of senders are not kept apart', async () => {
  const cluster = await startCluster()
  const programs = [await cluster.node(), await cluster.node()]
  const database = await cluster.connect()
  const world = await startWorld({ programs, database, agents: 0 })
  await database.query(`
    create function forget() returns trigger language plpgsql as $$
    begin
      new.sender_id := new.sender_id || random();
      return new;
    end $$;
    create trigger forget before insert on sender_message for each row execute function forget()`)
  await world.progress(120, 0)
  expect((await world.judge()).doubled).not.toEqual([])
  await database.end()
})

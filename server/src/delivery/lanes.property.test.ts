import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Command, programs, run } from './lanes-model-testing.ts'
import { testDeliveries } from './testing.ts'

const world = await testDeliveries()
const { pool } = world
let lastAccount = 0

test('whatever fails, dies, sleeps or is replayed: in order, nothing lost, nothing under two ids, every attempt on record', {
  timeout: 120_000,
}, async () => {
  const always = fc.asyncProperty(programs, async (program) => {
    expect(await run(world, ++lastAccount, program)).toEqual([])
  })
  await fc.assert(always, { numRuns: 15 })
})

/** With a function of the database as it must not be. */
async function broken(name: string, from: string, to: string, program: Command[], isAwokenInCall = false) {
  const { rows } = await pool.query('select pg_get_functiondef($1::regproc) as definition', [name])
  const definition: string = rows[0].definition
  expect(definition).toContain(from)
  await pool.query(definition.replaceAll(from, to))
  try {
    return await run(world, ++lastAccount, program, isAwokenInCall)
  } finally {
    await pool.query(definition)
  }
}

const answers = (parts: number): Command => ({ do: 'answer', interaction: 0, parts })
const asleep: Command[] = [answers(1), { do: 'pause' }]

test('without retries an answer is lost, and the model sees it', { timeout: 30_000 }, async () => {
  const program: Command[] = [{ do: 'mood', mood: 'later' }, answers(1), { do: 'called' }]
  expect(await run(world, ++lastAccount, program)).toEqual([])
  const breaches = await broken('settle_one_by_one', "when r.state = 'pending' then due_at", '', program)
  expect(breaches).toContain('a delivery never ended')
})

test('without the fence a worker who slept overrules the one who took over, and the model sees it', async () => {
  expect(await run(world, ++lastAccount, asleep, true)).toEqual([])
  const breaches = await broken('settle_one_by_one', 'and fence = r.fence', '', asleep, true)
  expect(breaches.join()).toMatch(/is failed, its last call was answered yes/)
})

test('without the order of a lane an answer overtakes another, and the model sees it', async () => {
  const program = [answers(3)]
  expect(await run(world, ++lastAccount, program)).toEqual([])
  const breaches = await broken('claim_lanes', 'order by id limit 1', 'order by id desc limit 1', program)
  expect(breaches.join()).toMatch(/overtook/)
})

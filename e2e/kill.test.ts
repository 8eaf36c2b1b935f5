// kill -9 of the program and of every process of its database, under load: what was acknowledged is there, and nothing twice.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { client, dataFolder, type Program, startProgram } from './program.ts'

const SENDERS = 24
const CUSTOMERS = 12
const ROUNDS = 2
const LOAD_MS = 1500

const folders: { remove(): Promise<void> }[] = []
afterAll(() => Promise.all(folders.map((folder) => folder.remove())))

interface Sent {
  body: string
  /** Given to every other message: those are repeated until they are acknowledged. */
  messageId: string | undefined
  from: string
}

interface Acknowledged {
  sent: Sent
  messageId: number
}

let count = 0

function next(): Sent {
  const number = ++count
  const messageId = number % 2 === 0 ? `id-${number}` : undefined
  return { body: `message ${number}`, from: `customer-${number % CUSTOMERS}`, messageId }
}

/** Undefined: no acknowledgement came. */
async function post(receiveUrl: string, sent: Sent): Promise<Acknowledged | undefined> {
  try {
    const response = await fetch(receiveUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...sent, mapKey: 'facebook' }),
    })
    if (response.status !== 200) return undefined
    const { message } = (await response.json()) as { message: { id: number } }
    return { sent, messageId: message.id }
  } catch {
    return undefined
  }
}

/** Posts until told to stop; answers what was acknowledged and what was not. */
async function load(receiveUrl: string, isOver: () => boolean) {
  const acknowledged: Acknowledged[] = []
  const open: Sent[] = []
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (!isOver()) {
        const sent = next()
        const answer = await post(receiveUrl, sent)
        if (answer) acknowledged.push(answer)
        else open.push(sent)
      }
    }),
  )
  return { acknowledged, open }
}

async function makeAccount(program: Program): Promise<{ id: number; receiveUrl: string }> {
  return client(program.origin).send('POST', '/api/openchannel/accounts', {
    name: 'Kill',
    ratePerSecond: 1_000_000,
    rateBurst: 1_000_000,
  })
}

async function databaseOf(program: Program): Promise<pg.Client> {
  const folder = join(program.dataDir, 'server', 'postgres')
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  const database = new pg.Client({ host: folder, user: 'postgres', database: 'postgres', password })
  await database.connect()
  return database
}

// The database first, so that nothing it still had to write can reach the disk.
async function killAll(program: Program): Promise<void> {
  const pidFile = join(program.dataDir, 'server', 'postgres', 'cluster', 'postmaster.pid')
  const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  for (const pid of [...(await childrenOf(postmaster)), postmaster]) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // A process that ended by itself meanwhile.
    }
  }
  await program.kill()
}

async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = []
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    // The process's name stands in parentheses and may hold anything.
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) children.push(Number(name))
  }
  return children
}

/** Kills and restarts under load, `ROUNDS` times; answers what the senders know and what the database holds. */
async function ordeal(prepare: (program: Program) => Promise<void>) {
  const folder = await dataFolder()
  folders.push(folder)
  let program = await startProgram({ dataDir: folder.path })
  const { receiveUrl } = await makeAccount(program)
  await prepare(program)
  const acknowledged: Acknowledged[] = []
  for (let round = 0; round < ROUNDS; round++) {
    let isOver = false
    const loading = load(receiveUrl, () => isOver)
    await new Promise((resume) => setTimeout(resume, LOAD_MS + 200 * round))
    await killAll(program)
    isOver = true
    const { acknowledged: answered, open } = await loading
    acknowledged.push(...answered)
    program = await startProgram({ dataDir: folder.path, port: program.port })
    for (const sent of open) {
      const answer = sent.messageId === undefined ? undefined : await post(receiveUrl, sent)
      if (answer) acknowledged.push(answer)
      else expect(sent.messageId).toBeUndefined()
    }
  }
  const database = await databaseOf(program)
  const { rows } = await database.query<{ id: string; body: string }>(
    `select id, body from message where direction = 'in'`,
  )
  const { rows: gaps } = await database.query(
    `select i.id from interaction i join event e on e.interaction_id = i.id
     group by i.id having count(*) <> i.seq or max(e.seq) <> i.seq`,
  )
  await database.end()
  expect(await program.stop()).toBe(0)
  return { acknowledged, stored: rows, gaps }
}

function judge({ acknowledged, stored }: Awaited<ReturnType<typeof ordeal>>) {
  const bodies = new Map(stored.map(({ id, body }) => [Number(id), body]))
  return {
    lost: acknowledged.filter(({ sent, messageId }) => bodies.get(messageId) !== sent.body).length,
    doubled: stored.length - new Set(stored.map(({ body }) => body)).size,
  }
}

test('no acknowledged message is lost or doubled, and the order of every interaction is whole', async () => {
  const result = await ordeal(async () => {})
  expect(result.acknowledged.length).toBeGreaterThan(100)
  expect(judge(result)).toEqual({ lost: 0, doubled: 0 })
  expect(result.gaps).toEqual([])
})

test('the same ordeal finds losses in a database that is told to acknowledge before its log is on the disk', async () => {
  const result = await ordeal(async (program) => {
    const database = await databaseOf(program)
    await database.query(`
      create function hurry() returns trigger language plpgsql as $$
      begin
        perform set_config('synchronous_commit', 'off', true);
        return null;
      end $$;
      create trigger hurry after insert on message for each statement execute function hurry()`)
    await database.end()
  })
  expect(judge(result).lost).toBeGreaterThan(0)
})

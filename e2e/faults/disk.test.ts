// A full disk under attachments and database: uploads and messages are refused in words, and all goes on when there is room again.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { client } from '../program.ts'
import { eventually, type Uploaded, uploadFile } from '../service.ts'
import { folder, start } from './start.ts'
import { allTrue } from './truths.ts'
import { endLeases, isLong, ownDatabase, startWorld } from './world.ts'

const ROUNDS = isLong ? 5 : 1
const SIZE_MB = 160

/** A disk of its own that can be filled without hurting the machine. */
async function smallDisk(): Promise<string> {
  const path = await folder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0755`, 'patchbay', path])
  onTestFinished(() => void execFileSync('umount', ['-l', path]))
  return path
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'w')
  const chunk = Buffer.alloc(64 * 1024)
  try {
    for (;;) await file.write(chunk)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    await file.close()
  }
}

function mayMount(): boolean {
  if (process.getuid?.() === 0) return true
  process.stdout.write('faults: only root may mount a small disk, so no disk was filled.\n')
  return false
}

test.runIf(mayMount())(
  'a full disk refuses uploads with 507 and messages with 503, and loses nothing',
  async () => {
    const dataDir = await smallDisk()
    const program = await start({ dataDir })
    let database = await ownDatabase(program)
    const world = await startWorld({ programs: [program], database })
    for (let round = 0; round < ROUNDS; round++) {
      await world.progress(30, 20)
      const kept = new File([randomBytes(100_000)], 'kept.bin')
      const { id } = (await (await uploadFile(program.origin, kept)).json()) as Uploaded
      // The control: while there is room nobody is refused.
      if (round === 0) expect(world.customers.refused).toEqual([])

      const ballast = join(dataDir, 'ballast')
      await fill(ballast)
      const before = world.customers.refused.length
      const upload = await uploadFile(program.origin, new File([randomBytes(3_000_000)], 'late.bin'))
      expect([507, 503]).toContain(upload.status)
      expect(Number(upload.headers.get('retry-after'))).toBeGreaterThan(0)
      // Long messages, so that the database soon needs what is not there.
      const flood = {
        from: 'flood',
        mapKey: 'facebook',
        body: randomBytes(60_000).toString('hex').slice(0, 60_000),
      }
      await eventually(
        async () => {
          await fetch(world.account.receiveUrl, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(flood),
            signal: AbortSignal.timeout(5_000),
          }).catch(() => {})
          return world.customers.refused.length > before || undefined
        },
        'a message to be refused',
        60_000,
      )
      expect(program.child.exitCode).toBeNull()

      await rm(ballast)
      await world.progress(20, 0)
      // The pulse may feel up to a second later than a message that there is a database again.
      const download = await eventually(async () => {
        const answer = await client(program.origin).raw('GET', `/api/attachments/${id}/download`)
        if (answer.status !== 503) return answer
        await answer.arrayBuffer()
        return undefined
      }, 'the program to give files again')
      expect(Buffer.from(await download.arrayBuffer())).toEqual(Buffer.from(await kept.arrayBuffer()))
      await database.end().catch(() => {})
      database = await ownDatabase(program)
      await database.query(`delete from message where body = $1`, [flood.body])
      await endLeases(database)
    }
    await world.progress(30, 20)
    await world.settle(database)
    expect(await world.judge(database)).toEqual(allTrue)
    const codes = new Set(
      world.customers.refused.map(({ status, retryAfter }) => `${status} ${retryAfter !== null}`),
    )
    expect(codes).toEqual(new Set(['503 true']))
    await database.end()
    expect(await program.stop()).toBe(0)
  },
)

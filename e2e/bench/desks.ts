// Thousands of desks in one process: connections with no more on this side than it takes to count what they hear.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { client } from '../program.ts'

export interface Account {
  id: number
  receiveUrl: string
}

/** `BENCH_PROFILE=<folder>` leaves a CPU profile of the program there. */
export const benchEnv: Readonly<Record<string, string>> = {
  LOG_LEVEL: 'warn',
  ...(process.env.BENCH_PROFILE && {
    NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.BENCH_PROFILE}`,
  }),
}

export function makeAccounts(origin: string, count: number): Promise<Account[]> {
  const api = client(origin)
  const names = Array.from({ length: count }, (_, n) => `Bench ${n}`)
  return Promise.all(
    names.map((name) =>
      api.send<Account>('POST', '/api/openchannel/accounts', {
        name,
        ratePerSecond: 1_000_000,
        rateBurst: 1_000_000,
      }),
    ),
  )
}

/** Answers a key of each agent. By SQL, since a thousand passwords take a minute to digest. */
export async function makeAgents(
  url: string,
  accounts: readonly Account[],
  ofEach: number,
): Promise<string[]> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const keys = accounts.flatMap(() => Array.from({ length: ofEach }, () => randomToken('pbk_')))
  await pool.query(
    `with made as (
       insert into app_user (email, name, fullname, role)
       select n || '@bench.example', 'bench' || n, 'Agent ' || n, 'agent' from generate_series(1, cardinality($1::bytea[])) n
       returning id, substring(name from 6)::int as n
     ), keyed as (
       insert into api_key (user_id, name, start, last4, digest)
       select id, 'bench', '', '', ($1::bytea[])[n] from made
     )
     insert into account_agent (account_id, user_id) select ($2::bigint[])[1 + (n - 1) / $3::int], id from made`,
    [keys.map((key) => sha256(key)), accounts.map(({ id }) => id), ofEach],
  )
  await close()
  return keys
}

export interface BenchDesk {
  /** As the server told it last. */
  cursor: string | null
  cut(): void
}

const AT_ONCE = 200

/** Resolves when all are in sync; `cursors` are where they left off. */
export async function connectDesks(
  port: number,
  keys: readonly string[],
  heard: (text: string) => void,
  cursors: readonly (string | null)[] = [],
): Promise<BenchDesk[]> {
  const desks: BenchDesk[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = next++; n < keys.length; n = next++)
        desks[n] = await connectDesk(port, keys[n] ?? '', cursors[n] ?? null, heard)
    }),
  )
  return desks
}

async function connectDesk(
  port: number,
  key: string,
  cursor: string | null,
  heard: (text: string) => void,
): Promise<BenchDesk> {
  const socket = connect(port, 'localhost')
  socket.setNoDelay(true)
  const desk: BenchDesk = { cursor, cut: () => socket.destroy() }
  const synced = Promise.withResolvers<void>()
  let hasUpgraded = false
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', synced.reject)
  socket.on('close', () => synced.reject(new Error('a socket was closed')))
  socket.on('data', (data) => {
    rest = rest.length > 0 ? Buffer.concat([rest, data]) : data
    if (!hasUpgraded) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!rest.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
        return synced.reject(new Error(`a socket was refused: ${rest.subarray(0, end)}`))
      hasUpgraded = true
      rest = rest.subarray(end + 4)
      write(socket, 0x81, JSON.stringify({ type: 'hello', cursor, threads: {} }))
    }
    rest = readFrames(rest, (opcode, payload) => {
      if (opcode === 0x9) return write(socket, 0x8a, '')
      const text = payload.toString()
      if (!text.startsWith('{"type":"synced"')) return heard(text)
      desk.cursor = (JSON.parse(text) as { cursor: string }).cursor
      synced.resolve()
    })
  })
  await once(socket, 'connect')
  socket.write(
    `GET /api/socket?apikey=${key} HTTP/1.1\r\nhost: localhost:${port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await synced.promise
  return desk
}

/** With a mask of zeros, which leaves the text as it is. */
function write(socket: Socket, opcode: number, text: string): void {
  const head =
    text.length < 126 ? [opcode, 0x80 | text.length] : [opcode, 0xfe, text.length >> 8, text.length & 255]
  socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)]))
}

/** Answers what is left of a frame that has not arrived whole. */
function readFrames(data: Buffer, each: (opcode: number, payload: Buffer) => void): Buffer {
  let at = 0
  while (data.length - at >= 2) {
    const short = (data[at + 1] ?? 0) & 0x7f
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10
    if (data.length - at < headLength) break
    const length =
      short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
    const end = at + headLength + length
    if (data.length < end) break
    each((data[at] ?? 0) & 0x0f, data.subarray(at + headLength, end))
    at = end
  }
  return at === data.length ? Buffer.alloc(0) : data.subarray(at)
}

export async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

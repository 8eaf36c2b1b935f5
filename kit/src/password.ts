// Passwords: argon2id, at most two at a time, and the same time for users who do not exist.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

interface Cost {
  memoryKiB: number
  passes: number
  parallelism: number
}

// OWASP's first choice for argon2id.
const cost: Cost = { memoryKiB: 19_456, passes: 2, parallelism: 1 }
const HASHES_AT_ONCE = 2

/** The PHC string `$argon2id$v=19$m=...,t=...,p=...$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await atMostTwo(() => hashWith(password, salt, cost, 32))
  const parameters = `m=${cost.memoryKiB},t=${cost.passes},p=${cost.parallelism}`
  return `$argon2id$v=19$${parameters}$${base64(salt)}$${base64(hash)}`
}

/** Pass undefined for a user who does not exist or has no password: the answer is no, after the usual time. */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const parsed = stored ? parse(stored) : undefined
  const { salt, hash, ...parameters } = parsed ?? nobody
  const given = await atMostTwo(() => hashWith(password, salt, parameters, hash.length))
  return timingSafeEqual(given, hash) && parsed !== undefined
}

const nobody = { ...cost, salt: randomBytes(16), hash: randomBytes(32) }

function hashWith(
  password: string,
  nonce: Buffer,
  { memoryKiB, passes, parallelism }: Cost,
  tagLength: number,
) {
  const message = Buffer.from(password.normalize('NFC'))
  return derive('argon2id', { message, nonce, parallelism, tagLength, memory: memoryKiB, passes })
}

function parse(stored: string): (Cost & { salt: Buffer; hash: Buffer }) | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored)
  if (!match) return
  const [, memory, passes, parallelism, salt = '', hash = ''] = match
  return {
    memoryKiB: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

// Each hash takes 19 MiB and a core for a while: a burst of sign-ins queues here and leaves the messages their core.
let running = 0
const waiting: (() => void)[] = []

async function atMostTwo<T>(work: () => Promise<T>): Promise<T> {
  if (running >= HASHES_AT_ONCE) await new Promise<void>((resume) => waiting.push(resume))
  else running++
  try {
    return await work()
  } finally {
    // The place goes straight to the next in line, so nobody can slip in between.
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

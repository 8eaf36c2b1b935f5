// Starts the real program as an operator would, in a folder of its own, and speaks to it over HTTP.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@patchbay/kit/free-port.ts'

export const admin = { email: 'admin@example.com', password: 'correct horse battery' }

export interface Program {
  readonly origin: string
  readonly port: number
  readonly dataDir: string
  readonly child: ChildProcess
  /** What it printed so far. */
  readonly output: { stdout: string; stderr: string }
  /** SIGTERM and the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: the program has no chance to tidy up. */
  kill(): Promise<void>
}

/** A data folder that is removed at the end of the test. */
export async function dataFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'patchbay-e2e-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export async function startProgram(options: {
  dataDir: string
  port?: number
  env?: Record<string, string>
  /** Of another program than the server, seen from here. */
  startFile?: string
  readyWithinMs?: number
}): Promise<Program> {
  const port = options.port ?? (await freePort())
  const origin = `http://localhost:${port}`
  const startFile = new URL(options.startFile ?? '../server/start.js', import.meta.url)
  const flags = options.startFile === undefined ? serverFlags() : []
  const child = spawn(process.execPath, [...flags, fileURLToPath(startFile)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? tmpdir(),
      PORT: String(port),
      DATA_DIR: options.dataDir,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      ...options.env,
    },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const exited = once(child, 'exit')

  const deadline = Date.now() + (options.readyWithinMs ?? 30_000)
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}: ${output.stderr}`)
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) break
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the program was not ready in time: ${output.stderr.slice(-2000)}`)
    }
    await new Promise((resume) => setTimeout(resume, 50))
  }
  return {
    origin,
    port,
    dataDir: options.dataDir,
    child,
    output,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      await exited
      // Why it did not end well is the first that one asks.
      if (child.exitCode !== 0) process.stderr.write(`${output.stderr.slice(-4000)}\n`)
      return child.exitCode
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

// With which `npm start` starts the server.
function serverFlags(): string[] {
  const file = new URL('../package.json', import.meta.url)
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

export interface Client {
  get<T>(path: string): Promise<T>
  send<T>(method: string, path: string, body?: unknown): Promise<T>
  raw(method: string, path: string, body?: unknown): Promise<Response>
}

/** Calls the API by HTTP Basic. */
export function client(origin: string, user: { email: string; password: string } = admin): Client {
  const authorization = `Basic ${Buffer.from(`${user.email}:${user.password}`).toString('base64')}`
  const raw = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${origin}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await raw(method, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return { raw, send, get: (path) => send('GET', path) }
}

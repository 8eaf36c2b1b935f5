// Drives an address with wrk and reads what it measured.
import { spawn, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Measured {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Answers other than 2xx and 3xx, and connections that broke. */
  failures: number
}

export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined
}

export async function runWrk(options: {
  url: string
  connections: number
  seconds: number
  /** Lua: must define `request()`. */
  script: string
  folder: string
}): Promise<Measured> {
  const script = join(options.folder, 'wrk.lua')
  await writeFile(script, options.script)
  const args = [
    '-t1',
    `-c${options.connections}`,
    `-d${options.seconds}s`,
    '--latency',
    '-s',
    script,
    options.url,
  ]
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`wrk ended with ${code}: ${text}`)),
    )
  })
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const errors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? []
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(/^\s+50%\s+(\S+)/m.exec(output)?.[1]),
    p99Ms: milliseconds(/^\s+99%\s+(\S+)/m.exec(output)?.[1]),
    failures:
      (number(/Non-2xx or 3xx responses: (\d+)/) || 0) +
      errors.reduce((sum, count) => sum + Number(count), 0),
  }
}

function milliseconds(text: string | undefined): number {
  const [, value, unit = ''] = /^([\d.]+)(us|ms|s)$/.exec(text ?? '') ?? []
  return Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN)
}

/** A port for a program that must know its own before it listens, or that must be left unused. */

import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections and to whoever asks for any: those are taken again within the moment. Above the
// last, 10 080, of those to which browsers and fetch refuse to connect (fetch.spec.whatwg.org, "bad port").
const LOWEST = 10_081
const HIGHEST = 16_000

/** One on which nobody listened on the loopback address a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    if ((await whyNot('127.0.0.1', port)) === undefined) return port
  }
}

/** Why this user cannot listen there now; undefined: he can. What is wrong with the host is thrown. */
export async function whyNot(host: string, port: number): Promise<'taken' | 'forbidden' | undefined> {
  const probe = createServer().listen(port, host)
  try {
    await once(probe, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return 'taken'
    if (code === 'EACCES') return 'forbidden'
    throw error
  }
  await new Promise((closed) => probe.close(closed))
  return undefined
}

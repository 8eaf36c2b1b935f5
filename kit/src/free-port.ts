/** A port for a program that must know its own before it listens, or that must be left unused. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections and to whoever asks for any: those are taken again within the moment. Above the
// last, 10 080, of those to which browsers and fetch refuse to connect (fetch.spec.whatwg.org, "bad port").
const LOWEST = 10_081
const HIGHEST = 16_000

/** One on which nobody listened on the loopback address a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? found(false) : failed(error),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => found(true)))
  })
}

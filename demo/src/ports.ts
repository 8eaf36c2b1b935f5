// Whether the demo's ports are free: a program that answers on one already would be filled with sample data in the place of the demo's own.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartError } from '@patchbay/kit/config.ts'

/** By the variable that sets each. */
export async function demandFree(host: string, ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [variable, port] of Object.entries(ports)) {
    const probe = createServer().listen(port, host)
    try {
      await once(probe, 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      throw new StartError(`Port ${port} is taken by another program: stop it, or set ${variable}.`)
    }
    await new Promise((closed) => probe.close(closed))
  }
}

// Whether the demo's ports are free: a program that answers on one already would be filled with sample data in the place of the demo's own.
import { StartError } from '@patchbay/kit/config.ts'
import { whyNot } from '@patchbay/kit/free-port.ts'

/** By the variable that sets each. */
export async function demandFree(
  host: string,
  ports: Readonly<Record<string, number>>,
  ask = whyNot,
): Promise<void> {
  for (const [variable, port] of Object.entries(ports)) {
    const why = await ask(host, port)
    if (why === 'taken')
      throw new StartError(`Port ${port} is taken by another program: stop it, or set ${variable}.`)
    if (why === 'forbidden')
      throw new StartError(
        `Port ${port} may not be opened by this user: set ${variable} to one from 1024 on.`,
      )
  }
}

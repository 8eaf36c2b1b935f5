/** The program: configuration, registry, listening; and down again in reverse. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '@patchbay/kit/config.ts'
import { lockFolder } from '@patchbay/kit/folder-lock.ts'
import { runProgram } from '@patchbay/kit/lifecycle.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { openRegistry } from './registry.ts'

await runProgram(async (resources) => {
  const config = readConfig(process.env)
  const write = (line: string): void => void process.stderr.write(line)
  const log = createLog({ program: 'relay', level: config.logLevel, write })

  const folder = join(config.dataDir, 'relay')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  if ('heldBy' in lock)
    throw new StartError(
      `${folder} is used by another relay (process ${lock.heldBy}): give each its own DATA_DIR.`,
    )
  resources.defer(() => lock.release())
  const registry = await openRegistry(folder)
  resources.defer(() => registry.close())
  const door = createDoor({ allow: config.outboundAllow })
  resources.defer(() => door.close())

  const made = config.adminToken ? undefined : await ensureToken(join(folder, 'admin-token'))
  const adminToken = config.adminToken?.reveal() ?? made ?? ''
  const http = await createApp({ config, adminToken, registry, log, metrics: createMetrics(), door })
  resources.defer(() => http.close())
  await http.listen({ host: config.host, port: config.port })
  process.stdout.write(
    [
      `The relay is ready at ${config.publicUrl}`,
      made
        ? `Its operator's token is in ${join(folder, 'admin-token')}; RELAY_ADMIN_TOKEN sets another.`
        : 'Its operator signs in with RELAY_ADMIN_TOKEN.',
      '',
    ].join('\n'),
  )
})

/** Made once, readable by the program's user alone. */
async function ensureToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const token = randomBytes(32).toString('base64url')
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
    return token
  }
}

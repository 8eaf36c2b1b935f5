/** Starts a box; the program and the tests use this one. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '@patchbay/kit/config.ts'
import { lockFolder } from '@patchbay/kit/folder-lock.ts'
import { createApp } from './app.ts'
import { type Box, createBox } from './box.ts'
import { usualApp } from './config.ts'
import { resumeDeliveries } from './deliveries/deliveries.ts'
import { keepWorld, readWorld } from './world/keep.ts'
import { addApp } from './world/people.ts'
import { seedWorld } from './world/seed.ts'

export interface SimulatorOptions {
  host?: string
  /** 0, the usual, is any free one. */
  port?: number
  /** The address under which the box is reached, where that is not the one it listens on. */
  publicUrl?: string
  appId?: string
  appSecret?: string
  redirectUris?: readonly string[]
  /** Without one nothing is kept. */
  dataDir?: string
  /** How long a subscriber may take to answer, 5 seconds unless told otherwise. */
  deliveryTimeoutMs?: number
}

export interface Simulator {
  origin: string
  box: Box
  app: { id: string; secret: string }
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, redirectUris = [], deliveryTimeoutMs = 5_000 } = options
  const app = { id: options.appId ?? usualApp.id, secret: options.appSecret ?? usualApp.secret }
  const closing: (() => unknown)[] = []
  const folder = options.dataDir === undefined ? undefined : join(options.dataDir, 'simulator')
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const lock = lockFolder(folder)
    if ('heldBy' in lock)
      throw new StartError(`${folder} is used by another simulator (process ${lock.heldBy}).`)
    closing.push(() => lock.release())
  }
  const kept = folder === undefined ? undefined : await readWorld(folder)
  const box = createBox({ world: kept ?? seedWorld({ ...app, redirectUris }), deliveryTimeoutMs })
  // What the operator says counts, whatever was kept.
  const own = box.world.apps.get(app.id) ?? addApp(box.world, { ...app, name: 'Patchbay' })
  own.secret = app.secret
  own.redirectUris = [...new Set([...own.redirectUris, ...redirectUris])]
  if (folder !== undefined) {
    const current = () => ({ ...box.world, aheadMs: box.clock.aheadMs() })
    const keeper = keepWorld(folder, current, (error) => console.error('The world could not be kept:', error))
    box.onChange(() => keeper.note())
    closing.push(() => keeper.close())
  }
  closing.push(() => box.clock.stop())
  const http = createApp(box)
  closing.push(() => http.close())
  try {
    await http.listen({ host, port })
    const address = http.server.address()
    const bound = typeof address === 'object' && address ? address.port : port
    box.origin = options.publicUrl ?? `http://localhost:${bound}`
  } catch (error) {
    for (const close of closing.reverse()) await close()
    throw error
  }
  resumeDeliveries(box)
  return {
    origin: box.origin,
    box,
    app,
    async close() {
      for (const close of closing.splice(0).reverse()) await close()
    },
  }
}

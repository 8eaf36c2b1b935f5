/** Keeps the world in a folder: one JSON file, and each file's bytes beside it. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from './world.ts'

const WORLD_FILE = 'world.json'

/** Undefined where none was kept. */
export async function readWorld(folder: string): Promise<World | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, WORLD_FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const world = JSON.parse(text, reviveMap) as World
  for (const file of world.files.values()) file.bytes = await readFile(join(folder, 'files', file.id))
  return world
}

export interface Keeper {
  /** Writes soon, once for many changes. */
  note(): void
  /** Writes now. */
  close(): Promise<void>
}

const SOON_MS = 300

export function keepWorld(folder: string, current: () => World, onError: (error: unknown) => void): Keeper {
  const written = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const world = current()
    await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
    for (const file of world.files.values()) {
      if (written.has(file.id)) continue
      await writeFile(join(folder, 'files', file.id), file.bytes)
      written.add(file.id)
    }
    const text = JSON.stringify(world, (key, value) => (key === 'bytes' ? undefined : plainMap(value)))
    await writeFile(join(folder, `${WORLD_FILE}.new`), text, { mode: 0o600 })
    // A crash in the middle leaves the world before.
    await rename(join(folder, `${WORLD_FILE}.new`), join(folder, WORLD_FILE))
  }

  const enqueue = (): Promise<void> => {
    writing = writing.then(write).catch(onError)
    return writing
  }

  return {
    note() {
      timer ??= setTimeout(() => {
        timer = undefined
        void enqueue()
      }, SOON_MS).unref()
    },
    close() {
      clearTimeout(timer)
      return enqueue()
    },
  }
}

const plainMap = (value: unknown): unknown => (value instanceof Map ? { $map: [...value] } : value)

function reviveMap(_key: string, value: unknown): unknown {
  const pairs = (value as { $map?: [string, unknown][] } | null)?.$map
  return Array.isArray(pairs) ? new Map(pairs) : value
}

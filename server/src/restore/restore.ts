/** Puts a backup into an empty DATA_DIR, and starts its database once, to see that it comes up whole. */
import { chown, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StartError } from '@patchbay/kit/config.ts'
import { copyFile, copyTree, treeBytes } from '@patchbay/kit/copy-tree.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { NOBODY } from '@patchbay/kit/unprivileged.ts'
import { MANIFEST, type Manifest, readManifest } from '../backup/layout.ts'
import type { Progress } from '../backup/progress.ts'
import type { Config } from '../config.ts'

type Where = Pick<Config, 'dataDir' | 'attachmentsDir' | 'databaseUrl' | 'secretKey'>

export async function restore(
  config: Where,
  folder: string,
  progress: (totalBytes: number) => Progress,
): Promise<Manifest & { messages: number }> {
  if (config.databaseUrl)
    throw new StartError('DATABASE_URL is set: a backup of a built-in database is restored without it.')
  const from = resolve(folder)
  const manifest = readManifest(await readFile(join(from, MANIFEST), 'utf8').catch(() => ''))
  if (!manifest)
    throw new StartError(`${from} holds no whole backup: ${MANIFEST} is missing or not readable.`)
  if (!manifest.hasSecretKey && !config.secretKey)
    throw new StartError('The secret key is not in this backup: set SECRET_KEY to the one it was made with.')
  const postgres = join(config.dataDir, 'server', 'postgres')
  for (const place of [postgres, config.attachmentsDir]) await requireEmpty(place)

  const shown = progress(await treeBytes(from))
  const onBytes = (count: number): void => shown.add(count)
  await mkdir(config.dataDir, { recursive: true })
  if (manifest.hasSecretKey) await placeKey(join(from, 'secret-key'), join(config.dataDir, 'secret-key'))
  await copyTree(join(from, 'attachments'), config.attachmentsDir, { onBytes })
  await copyTree(join(from, 'server', 'postgres'), postgres, { onBytes })
  await giveToDatabase(postgres)
  shown.end()
  return { ...manifest, messages: await countMessages(postgres) }
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  if (names.length > 0)
    throw new StartError(
      `${folder} is not empty: restore into a new DATA_DIR, so that nothing is overwritten.`,
    )
}

async function placeKey(from: string, to: string): Promise<void> {
  const [wanted, there] = await Promise.all(
    [from, to].map((path) => readFile(path, 'utf8').catch(() => undefined)),
  )
  if (there !== undefined && there.trim() !== wanted?.trim())
    throw new StartError(`${to} is another key than that of the backup: move it away first.`)
  if (there === undefined) await copyFile(from, to)
}

// Root's database runs as nobody, who must own its files.
async function giveToDatabase(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const isGiven = await chown(folder, NOBODY, NOBODY).then(
    () => true,
    // A container with one mapped user: there the database runs as its root.
    ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EINVAL' || code === 'EPERM') return false
      throw new StartError(`Cannot give ${folder} to the database's user: ${code}.`)
    },
  )
  if (!isGiven) return
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await chown(join(entry.parentPath, entry.name), NOBODY, NOBODY)
}

async function countMessages(dataDir: string): Promise<number> {
  const last: string[] = []
  const postgres = await startEmbedded({ dataDir, log: (line) => void last.push(line) }).catch(
    async (error) => {
      const why = last.find((line) => /FATAL|PANIC/.test(line)) ?? String(error)
      // A cluster that does not come up must not be taken for one that does.
      await rm(dataDir, { recursive: true, force: true })
      throw new StartError(`The backup cannot be restored: its database does not start (${why}).`)
    },
  )
  try {
    const database = await openDatabase({ url: postgres.url, max: 1 })
    try {
      const { rows } = await database.pool.query<{ count: number }>('select count(*) from message')
      return rows[0]?.count ?? 0
    } finally {
      await database.close()
    }
  } finally {
    await postgres.stop()
  }
}

/**
 * A backup of an installation with a database of its own, while it serves.
 *
 * First the database, then the files: a file is on disk before its row commits, so every row in the copy has its file. Files that are
 * there without a row are swept out after a day.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { backupCluster } from '@patchbay/kit/cluster-backup.ts'
import { StartError } from '@patchbay/kit/config.ts'
import { copyFile, copyTree, syncFolder, treeBytes } from '@patchbay/kit/copy-tree.ts'
import { findEmbedded, startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import type { Config } from '../config.ts'
import { version } from '../version.ts'
import { MANIFEST, type Manifest } from './layout.ts'
import type { Progress } from './progress.ts'

type Where = Pick<Config, 'dataDir' | 'attachmentsDir' | 'databaseUrl' | 'secretKey'>

export async function backUp(
  config: Where,
  folder: string,
  progress: (totalBytes: number) => Progress,
): Promise<Manifest> {
  if (config.databaseUrl)
    throw new StartError(
      'DATABASE_URL is set: back that database up with pg_dump or its own tools, and copy ATTACHMENTS_DIR after it (docs/operate.md).',
    )
  const to = resolve(folder)
  await makeEmpty(to)
  const startedAt = new Date().toISOString()
  const postgres = join(config.dataDir, 'server', 'postgres')
  const total =
    (await treeBytes(join(postgres, 'cluster', 'base'))) + (await treeBytes(config.attachmentsDir))
  const shown = progress(total)
  const onBytes = (count: number): void => shown.add(count)

  const target = join(to, 'server', 'postgres')
  await mkdir(target, { recursive: true, mode: 0o700 })
  const lsns = await withDatabase(postgres, (url) =>
    backupCluster(url, join(postgres, 'cluster'), join(target, 'cluster'), onBytes),
  )
  await copyFile(join(postgres, 'password'), join(target, 'password'))
  await syncFolder(target)
  await copyTree(config.attachmentsDir, join(to, 'attachments'), {
    leaveOut: (path) => path === 'unfinished',
    onBytes,
  })
  const hasSecretKey =
    !config.secretKey && (await copyFile(join(config.dataDir, 'secret-key'), join(to, 'secret-key')))
  shown.end()
  const endedAt = new Date().toISOString()
  const manifest: Manifest = { format: 1, program: version, startedAt, endedAt, ...lsns, hasSecretKey }
  await writeFile(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  await syncFolder(to)
  return manifest
}

async function makeEmpty(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await readdir(folder)).length === 0) return
  } catch (error) {
    throw new StartError(`Cannot write to ${folder}: ${(error as Error).message}.`)
  }
  throw new StartError(`The folder ${folder} is not empty: a backup takes a new or an empty one.`)
}

/** On the running program's database; where none runs, it is started for this. */
async function withDatabase<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const running = await findEmbedded(dataDir)
  if (running) return work(running)
  if ((await treeBytes(join(dataDir, 'cluster', 'global'))) === 0)
    throw new StartError(
      `There is no database in ${dataDir}: set DATA_DIR to the folder of the installation.`,
    )
  const postgres = await startEmbedded({ dataDir })
  try {
    return await work(postgres.url)
  } finally {
    await postgres.stop()
  }
}

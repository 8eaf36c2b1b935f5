// Copies a PostgreSQL cluster while it runs, by its own protocol for that: pg_backup_start, the files, pg_backup_stop, the log in between.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { copyFile, copyTree, syncFolder } from './copy-tree.ts'

export interface ClusterBackup {
  /** Where the log begins and ends that makes the copy consistent. */
  startLsn: string
  stopLsn: string
}

// What PostgreSQL's manual names as not to be copied: made anew at start, or of this server alone.
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'pg_internal.init'])

/** `to` is made, and holds a cluster that starts by itself: nothing needs to be set up for its recovery. */
export async function backupCluster(
  url: string,
  cluster: string,
  to: string,
  onBytes?: (count: number) => void,
): Promise<ClusterBackup> {
  // The backup belongs to this connection: should it break, the server forgets the backup and this throws.
  const client = new pg.Client({
    connectionString: url,
    application_name: 'patchbay backup',
    keepAlive: true,
  })
  await client.connect()
  try {
    const one = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
      (await client.query(sql, values)).rows[0] as T
    // Holds back the log that is written meanwhile, which a checkpoint would otherwise clear away; it goes with the connection.
    await one(
      `select pg_create_physical_replication_slot('patchbay_backup_' || pg_backend_pid(), true, true)`,
    )
    const { start } = await one<{ start: string }>(
      `select pg_backup_start('patchbay', fast => true) as start`,
    )
    await copyTree(cluster, to, {
      leaveOut: (path, isFolder) => (isFolder ? isEmptied(path) : isLeftOut(path)),
      keepFolder: (path) => emptied.has(path),
      ...(onBytes && { onBytes }),
    })
    const stopped = await one<{ stop: string; label: string; map: string }>(
      'select lsn as stop, labelfile as label, spcmapfile as map from pg_backup_stop(wait_for_archive => false)',
    )
    await write(join(to, 'backup_label'), stopped.label)
    if (stopped.map.trim()) await write(join(to, 'tablespace_map'), stopped.map)
    const range = await one<{ first: string; last: string }>(
      'select pg_walfile_name($1) as first, pg_walfile_name($2) as last',
      [start, stopped.stop],
    )
    await copyLog(client, cluster, to, range, onBytes)
    await syncFolder(to)
    return { startLsn: start, stopLsn: stopped.stop }
  } finally {
    await client.end()
  }
}

function isEmptied(path: string): boolean {
  return emptied.has(path) || /(^|[/\\])pgsql_tmp/.test(path)
}

function isLeftOut(path: string): boolean {
  const name = path.split(/[/\\]/).at(-1) ?? ''
  return (
    leftOut.has(name) || name.startsWith('pgsql_tmp') || name === 'backup_label' || name === 'tablespace_map'
  )
}

async function copyLog(
  client: pg.Client,
  cluster: string,
  to: string,
  { first, last }: { first: string; last: string },
  onBytes?: (count: number) => void,
): Promise<void> {
  await mkdir(join(to, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 })
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name between $1 and $2 order by name`,
    [first, last],
  )
  const names = rows.map(({ name }) => name)
  if (!names.includes(first) || !names.includes(last))
    throw new Error(`the log from ${first} to ${last} is not all there any more`)
  for (const name of names) await copyFile(join(cluster, 'pg_wal', name), join(to, 'pg_wal', name), onBytes)
  await syncFolder(join(to, 'pg_wal'))
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
  await file.close()
}

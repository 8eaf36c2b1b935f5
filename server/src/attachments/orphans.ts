/** Files without a row: the program died between putting a file in its place and committing, or a backup of the database is older. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { removeFile } from './files.ts'

/** No upload takes as long. */
const FORGOTTEN_MS = 24 * 3600_000
/** From so many on, when they are most of all files, the folder is another installation's, or the database another folder's. */
const SUSPICIOUS = 100
const MOST_AT_ONCE = 10_000

/** Answers how many went. */
export async function removeOrphans(
  ctx: Pick<Context, 'db' | 'config' | 'log'>,
  stopping: AbortSignal,
): Promise<number> {
  const folder = ctx.config.attachmentsDir
  const orphans: string[] = []
  let files = 0
  for (const part of await list(folder)) {
    if (stopping.aborted || orphans.length >= MOST_AT_ONCE) break
    // Files lie in folders of two hexadecimal digits; whatever else is here is not ours.
    if (!part.isDirectory() || !/^[0-9a-f]{2}$/.test(part.name)) continue
    const paths = (await list(join(folder, part.name)))
      .filter((entry) => entry.isFile() && /^[0-9a-f]{32}$/.test(entry.name))
      .map((entry) => join(part.name, entry.name))
    files += paths.length
    orphans.push(...(await withoutRow(ctx, paths)))
  }
  if (orphans.length >= SUSPICIOUS && orphans.length > files / 2) {
    const counts = { folder, files, withoutRow: orphans.length }
    ctx.log.warn(counts, 'most files have no row: is this the right ATTACHMENTS_DIR? Nothing was removed')
    return 0
  }
  for (const path of orphans) await removeFile(folder, path)
  if (orphans.length > 0) ctx.log.info({ count: orphans.length }, 'files without a row were removed')
  return orphans.length
}

async function withoutRow(
  { db, config }: Pick<Context, 'db' | 'config'>,
  paths: string[],
): Promise<string[]> {
  const old: string[] = []
  // The age first: a young file may get its row between the two questions.
  for (const path of paths) {
    const found = await stat(join(config.attachmentsDir, path)).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > FORGOTTEN_MS) old.push(path)
  }
  if (old.length === 0) return []
  const rows = await db
    .selectFrom('attachment')
    .select('path')
    .where(({ eb, val }) => eb('path', '=', eb.fn.any(val(old))))
    .execute()
  const known = new Set(rows.map(({ path }) => path))
  return old.filter((path) => !known.has(path))
}

function list(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => [])
}

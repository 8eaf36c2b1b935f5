// Copies folders so that what arrived survives a power cut, while others may still write and delete in them.
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface CopyOptions {
  /** By its path below `from`. A folder that is left out is not entered; its place may be wanted empty: see `keepFolder`. */
  leaveOut?: (path: string, isFolder: boolean) => boolean
  /** Whether the folder is made although what is in it is left out. */
  keepFolder?: (path: string) => boolean
  /** Hears of every piece that was written. */
  onBytes?: (count: number) => void
}

const PIECE_BYTES = 1024 * 1024

/** Makes `to`. What vanishes meanwhile is passed over; what grows is copied as far as it is read. */
export async function copyTree(
  from: string,
  to: string,
  options: CopyOptions = {},
  below = '',
): Promise<void> {
  await mkdir(join(to, below), { recursive: true, mode: 0o700 })
  const entries = await readdir(join(from, below), { withFileTypes: true }).catch(absent)
  for (const entry of entries ?? []) {
    const path = join(below, entry.name)
    if (options.leaveOut?.(path, entry.isDirectory())) {
      if (options.keepFolder?.(path)) await mkdir(join(to, path), { mode: 0o700 })
    } else if (entry.isDirectory()) await copyTree(from, to, options, path)
    else if (entry.isFile()) await copyFile(join(from, path), join(to, path), options.onBytes)
  }
  await syncFolder(join(to, below))
}

/** Answers false when there is no such file. */
export async function copyFile(from: string, to: string, onBytes?: CopyOptions['onBytes']): Promise<boolean> {
  const source = await open(from, 'r').catch(absent)
  if (!source) return false
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      await pour(source, target, onBytes)
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  return true
}

/** What the files below weigh, as far as they can be seen. */
export async function treeBytes(folder: string): Promise<number> {
  let sum = 0
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(absent)
  for (const entry of entries ?? []) {
    const found = entry.isFile() && (await stat(join(entry.parentPath, entry.name)).catch(absent))
    if (found) sum += found.size
  }
  return sum
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  // Windows opens no folder for writing; there the entry itself is journaled.
  await folder.sync().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error
  })
  await folder.close()
}

async function pour(source: FileHandle, target: FileHandle, onBytes?: CopyOptions['onBytes']): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  for (;;) {
    const { bytesRead } = await source.read(piece, 0, PIECE_BYTES)
    if (bytesRead === 0) return
    for (let written = 0; written < bytesRead; )
      written += (await target.write(piece, written, bytesRead - written)).bytesWritten
    onBytes?.(bytesRead)
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

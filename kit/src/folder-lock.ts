// Lets one program at a time use a folder. The kernel gives the lock up when the holder dies, however it dies.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const LOCK_FILE = 'lock'
const SQLITE_BUSY = 5

export interface FolderLock {
  /** May be called again. */
  release(): void
}

/**
 * Answers undefined and the holder's process id when another program, or another part of this one, holds the folder.
 * A file with a process id would be wrong after a reboot and between containers that share a volume. Node has no
 * flock, but its SQLite takes the same kind of lock, on every platform.
 */
export function lockFolder(folder: string): FolderLock | { heldBy: number } {
  const file = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 })
  try {
    file.exec(`pragma user_version = ${process.pid}; begin immediate`)
    return { release: () => file.isOpen && file.close() }
  } catch (error) {
    const busy = (error as { errcode?: number }).errcode === SQLITE_BUSY
    const heldBy = busy ? Number(file.prepare('pragma user_version').get()?.user_version) : 0
    file.close()
    if (!busy) throw error
    return { heldBy }
  }
}

/** Bytes on disk: written beside their place, made durable, then put there under a name that we choose. */
import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '@patchbay/kit/copy-tree.ts'
import type { FilePart } from '@patchbay/kit/multipart.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { detectType } from './file-types.ts'

export interface StoredFile {
  /** Below the attachments folder. */
  path: string
  type: string
  sizeBytes: number
  /** SHA-256. */
  digest: Buffer
}

const UNFINISHED = 'unfinished'
const FORGOTTEN_MS = 24 * 3600_000
const RETRY_AFTER_FULL_S = 30

/** Reads the part to its end. When this resolves, file and folder have reached the disk; when it rejects, nothing is left. */
export async function storeFile(folder: string, part: FilePart, limitBytes: number): Promise<StoredFile> {
  const id = randomBytes(16).toString('hex')
  const path = join(id.slice(0, 2), id)
  const unfinished = join(folder, UNFINISHED, id)
  try {
    await makeFolder(join(folder, UNFINISHED))
    await makeFolder(join(folder, dirname(path)))
    const { sizeBytes, digest } = await write(unfinished, part)
    if (part.isCut()) {
      const detail = `The file is larger than ${limitBytes} bytes.`
      throw new Refusal('AT-103', detail, { extra: { limitBytes } })
    }
    if (sizeBytes === 0) throw new Refusal('AT-102')
    const type = await detectType(unfinished)
    await rename(unfinished, join(folder, path))
    await syncFolder(join(folder, dirname(path)))
    return { path, type, sizeBytes, digest }
  } catch (error) {
    part.bytes.resume()
    await rm(unfinished, { force: true })
    throw isFull(error) ? new Refusal('AT-120', undefined, { retryAfterSeconds: RETRY_AFTER_FULL_S }) : error
  }
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

export async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true })
}

/** What uploads left behind that the program did not survive. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(join(folder, UNFINISHED)).catch(() => [])
  for (const name of names) {
    const path = join(folder, UNFINISHED, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > FORGOTTEN_MS) await rm(path, { force: true })
  }
}

async function write(path: string, part: FilePart): Promise<{ sizeBytes: number; digest: Buffer }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of part.bytes as AsyncIterable<Buffer>) {
      hash.update(chunk)
      await writeAll(file, chunk)
      sizeBytes += chunk.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sizeBytes, digest: hash.digest() }
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  let written = 0
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  // Each new folder is an entry in the one above it.
  for (let made = path; first !== undefined; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === first) return
  }
}

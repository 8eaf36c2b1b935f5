/** What the container image and the compose file state, held against the repository: nothing here needs Docker. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { namesInTable, namesReadBy } from '@patchbay/kit/config-testing.ts'
import { fillEnvironment } from '@patchbay/kit/image-testing.ts'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from './config.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Instruction {
  name: string
  words: string
}

/** By stage, continued lines joined. */
const stages = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .reduce<Instruction[][]>((found, line) => {
    const [name = '', ...words] = line.split(/\s+/)
    if (name === 'FROM') found.push([])
    found.at(-1)?.push({ name, words: words.join(' ') })
    return found
  }, [])
const last = stages.at(-1) ?? []
const wordsOf = (name: string): string[] =>
  last.filter((line) => line.name === name).map(({ words }) => words)

interface Service {
  image: string
  environment: Record<string, string>
  volumes: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
}
const compose = parse(read('compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, null>
}
const patchbay = compose.services.patchbay as Service

test('every file that the image copies is in the repository and not kept out of the build', () => {
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const copied = stages
    .flat()
    .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
    .flatMap(({ words }) => words.split(' ').slice(0, -1))
  expect(copied.length).toBeGreaterThan(10)
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(
    copied.filter((path) => !ignored.some((kept) => path === kept || path.startsWith(`${kept}/`))),
  ).toEqual([])
})

test('every workspace of the lockfile has its manifest where packages are installed', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
  for (const stage of stages.filter((lines) => lines.some(({ words }) => words.startsWith('npm ci')))) {
    const manifests = stage
      .filter(({ words }) => words.includes('/package.json '))
      .map(({ words }) => words.split('/')[0])
    expect(manifests.sort()).toEqual([...workspaces].sort())
  }
})

test('the image runs the program itself on Node 24, not as root, with code that it cannot change', () => {
  expect(
    stages
      .flat()
      .filter(({ name }) => name === 'FROM')
      .map(({ words }) => words.split(' ')[0]),
  ).toEqual(stages.map(() => 'node:24-bookworm-slim'))
  expect(wordsOf('USER')).toEqual(['node'])
  const names = last.map(({ name }) => name)
  expect(names.lastIndexOf('COPY')).toBeLessThan(names.indexOf('USER'))
  expect(wordsOf('COPY').join()).not.toContain('--chown')
  const [command = ''] = wordsOf('CMD')
  const words = JSON.parse(command) as string[]
  expect(words[0]).toBe('node')
  expect(existsSync(join(root, words.at(-1) ?? ''))).toBe(true)
})

test('npm, the image and the unit for systemd start the program in the same way', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } }
  const [command = ''] = wordsOf('CMD')
  expect(`exec ${(JSON.parse(command) as string[]).join(' ')}`).toBe(scripts.start)
  expect(/^ExecStart=.*\/(node .*)$/m.exec(read('docs/operate.md'))?.[1]).toBe(
    scripts.start.replace('exec ', ''),
  )
})

test('its health check asks the address that says whether the program is ready', () => {
  const [asked = ''] = /\/\w+(?=`\))/.exec(wordsOf('HEALTHCHECK').join()) ?? []
  expect(read('kit/src/health.ts')).toContain(`http.get('${asked}'`)
  expect(asked).toBe('/readyz')
})

test('image and compose file set nothing that the program does not read', () => {
  const known = namesReadBy(readConfig)
  const readByOthers = new Set(['NODE_ENV', 'MALLOC_ARENA_MAX'])
  const set = wordsOf('ENV').flatMap((words) => words.split(' ').map((pair) => pair.split('=')[0] ?? ''))
  expect(set.filter((name) => !readByOthers.has(name) && !known.has(name))).toEqual([])
  expect(Object.keys(patchbay.environment).filter((name) => !known.has(name))).toEqual([])
  // The negative control: a name that is misspelt is noticed.
  expect(known.has('DATABASE_URI')).toBe(false)
})

test('the compose file starts with the two secrets alone, and not without them', () => {
  const filled = (secrets: Record<string, string>) => fillEnvironment(patchbay, secrets)
  const secrets = { SECRET_KEY: Buffer.alloc(32, 7).toString('base64'), POSTGRES_PASSWORD: 'a1b2c3' }
  const config = readConfig({ ...filled(secrets), DATA_DIR: '/data', HOST: '0.0.0.0' })
  expect(new URL(config.databaseUrl?.reveal() ?? '')).toMatchObject({
    hostname: 'database',
    username: compose.services.database?.environment.POSTGRES_USER,
    password: 'a1b2c3',
    pathname: `/${compose.services.database?.environment.POSTGRES_DB}`,
  })
  expect(() => filled({})).toThrow('is required')
})

test('the compose file keeps data in named volumes, waits for the database, and is reached from this machine alone', () => {
  const kept = Object.values(compose.services).flatMap(({ volumes }) =>
    volumes.map((volume) => volume.split(':')[0] ?? ''),
  )
  expect(kept.sort()).toEqual(Object.keys(compose.volumes).sort())
  expect(patchbay.volumes).toContain(`data:${wordsOf('VOLUME')[0]}`)
  expect(patchbay.depends_on).toEqual({ database: { condition: 'service_healthy' } })
  expect(patchbay.ports).toEqual([`127.0.0.1:3000:${wordsOf('EXPOSE')[0]}`])
  expect(compose.services.database?.ports).toBeUndefined()
})

test('the page for operators names every variable that the program reads, and no other', () => {
  const named = namesInTable(read('docs/operate.md'), 'Environment')
  // What goes with a relay stands on the relay's page.
  const elsewhere = ['RELAY_URLS', 'RELAY_CODE']
  expect(named.sort()).toEqual(
    [...namesReadBy(readConfig)].filter((name) => !elsewhere.includes(name)).sort(),
  )
})

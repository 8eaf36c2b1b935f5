/** The program as an operator meets it: its words, its exit codes, its start and its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newKey } from '@patchbay/kit/crypto.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { afterAll, expect, test } from 'vitest'

const startFile = fileURLToPath(new URL('../start.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'patchbay-cloud-main-'))
const { url: databaseUrl } = await testDatabase()
const running = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})
const env = {
  DATA_DIR: folder,
  CLOUD_DATABASE_URL: databaseUrl,
  SECRET_KEY: newKey(),
  LOG_LEVEL: 'error',
}

function start(given: Record<string, string>) {
  const child = spawn(process.execPath, [startFile], {
    env: { PATH: process.env.PATH, ...given },
    cwd: folder,
  })
  running.add(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  // Not 'exit', after which its last words may still be on their way.
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  return { child, said, ended }
}

test('it says where it is and what is missing, answers, and ends cleanly', async () => {
  const port = String(await freePort())
  const program = start({ ...env, CLOUD_PORT: port })
  await expect
    .poll(() => program.said.out, { timeout: 50_000, interval: 50 })
    .toContain('set FACEBOOK_APP_ID')
  expect(program.said.out).toContain(`The cloud is ready at http://localhost:${port}`)
  expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({ status: 'ready' })
  expect((await fetch(`http://127.0.0.1:${port}/apidoc`)).status).toBe(200)
  expect(await (await fetch(`http://127.0.0.1:${port}/api/openapi.json`)).json()).toMatchObject({
    info: { title: 'Patchbay cloud' },
  })
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)

  const other = start({ ...env, SECRET_KEY: newKey(), CLOUD_PORT: port })
  expect(await other.ended).toBe(1)
  expect(other.said.err).toMatch(/^SECRET_KEY is not the key with which this database was made/)
})

test('what it cannot use of its environment is one clear line each', async () => {
  const program = start({ DATA_DIR: folder, CLOUD_PORT: 'many', FACEBOOK_APP_ID: '12' })
  expect(await program.ended).toBe(1)
  expect(program.said.err.trim().split('\n')).toEqual([
    expect.stringMatching(/^- CLOUD_PORT must be/),
    expect.stringMatching(/^- FACEBOOK_APP_SECRET and FACEBOOK_VERIFY_TOKEN must be set/),
  ])
})

// A program ends as its operator expects: exit codes, order, and one sentence for what can be mended.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ConfigError, StartError } from './config.ts'
import { describeFailure, stopInTurn } from './lifecycle.ts'

const run = promisify(execFile)
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const inherit = `import { runProgram } from ${JSON.stringify(file('./lifecycle.ts'))}
  import { StartError } from ${JSON.stringify(file('./config.ts'))}\n`

async function program(script: string, signals: NodeJS.Signals[] = []) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', inherit + script])
  const output = { out: '', err: '' }
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  child.stdout.on('data', (chunk) => {
    output.out += chunk
    const signal = signals.shift()
    if (signal) child.kill(signal)
  })
  const [code] = await once(child, 'close')
  return { code, ...output }
}

const twoParts = `runProgram(async (resources) => {
  resources.defer(() => console.log('database stopped'))
  resources.defer(async () => { await new Promise((r) => setTimeout(r, 50)); console.log('http stopped') })
  setInterval(() => {}, 1000)
  console.log('started')`

test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
  '%s takes everything down in reverse order and exits with 0',
  async (signal) => {
    expect(await program(`${twoParts} })`, [signal])).toEqual({
      code: 0,
      out: 'started\nhttp stopped\ndatabase stopped\n',
      err: '',
    })
  },
)

test('a failed start takes down what was up, says one sentence and exits with 1', async () => {
  const script = `${twoParts}; throw new StartError('The folder is full.') })`
  expect(await program(script)).toEqual({
    code: 1,
    out: 'started\nhttp stopped\ndatabase stopped\n',
    err: 'The folder is full.\n',
  })
})

test('a signal during the start is no failure', async () => {
  const script = `runProgram(async (resources) => {
    resources.defer(() => console.log('stopped')); console.log('starting')
    await new Promise((r) => setTimeout(r, 100)); throw new Error('the database was closed')
  })`
  expect(await program(script, ['SIGTERM'])).toMatchObject({ code: 0, err: '' })
})

test.each(['Promise.reject(new Error("lost"))', 'setTimeout(() => { throw new Error("lost") })'])(
  '%s is shown whole and exits with 1',
  async (bug) => {
    const { code, err } = await program(`runProgram(async () => { setInterval(() => {}, 1000); ${bug} })`)
    expect(code).toBe(1)
    expect(err).toMatch(/Error: lost\n\s+at /)
  },
)

test('a taken port is one sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const second = createServer().listen(port, '127.0.0.1')
  const [error] = await once(second, 'error')
  server.close()
  expect(describeFailure(error)).toBe(
    `Port ${port} is taken by another program: stop it, or choose another port.`,
  )
})

test('problems of the configuration are a list, one is a sentence, a bug is a stack', () => {
  expect(describeFailure(new ConfigError(['A.', 'B.']))).toBe('- A.\n- B.')
  expect(describeFailure(new ConfigError(['A.']))).toBe('A.')
  expect(describeFailure(new StartError('A.'))).toBe('A.')
  expect(describeFailure(new TypeError('x'))).toContain('lifecycle.test.ts')
})

test('the start files let this version of Node pass', async () => {
  await run(process.execPath, [file('./require-node.js')])
})

test('an older version of Node gets one sentence', async () => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })`
  const script = `${pretend}; await import(${JSON.stringify(file('./require-node.js'))})`
  await expect(run(process.execPath, ['--input-type=module', '-e', script])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Patchbay needs Node\.js 24 or newer.*\n$/),
  })
})

test('parts that hang while they are taken down do not hold up each other, and a quick one has ended before the next is told', async () => {
  const said: string[] = []
  const hanging = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const told = Promise.withResolvers<void>()
  const stopped = stopInTurn([
    async () => {
      await new Promise(setImmediate)
      said.push('quick')
    },
    ...hanging.map(({ promise }, place) => () => {
      said.push(`told ${place}`)
      return promise
    }),
    async () => {
      said.push('told last')
      told.resolve()
      throw new Error('it broke')
    },
  ])
  await told.promise
  expect(said).toEqual(['quick', 'told 0', 'told 1', 'told last'])
  const isOver = stopped.then(
    () => 'ended',
    (error: Error) => error.message,
  )
  expect(await Promise.race([isOver, new Promise((resume) => setImmediate(resume, 'waits'))])).toBe('waits')
  for (const { resolve } of hanging) resolve()
  expect(await isOver).toBe('it broke')
})

test('a checkout without its packages gets one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bare-'))
  try {
    const bare = join(folder, 'kit', 'src', 'require-node.js')
    await cp(file('./require-node.js'), bare)
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await expect(run(process.execPath, [bare])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^What Patchbay is made of is not installed yet: run npm ci first\.\n$/),
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

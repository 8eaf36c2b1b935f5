import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { until } from '../reply/reply-testing.ts'
import { testCalls } from './call-testing.ts'

const { desk, open, answersTo, linesOf } = await testCalls()
const page = await readFile(fileURLToPath(new URL('../../../../docs/bots.md', import.meta.url)), 'utf8')
const sample = /^```js\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''

const children: ChildProcess[] = []
const folders: string[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** The program on the page, as it stands there. */
async function startSample(secret: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bot-'))
  folders.push(folder)
  await writeFile(join(folder, 'bot.mjs'), sample)
  const child = spawn(process.execPath, [join(folder, 'bot.mjs')], {
    env: { BOT_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return `http://127.0.0.1:${/\d+/.exec(String(line))?.[0]}/`
}

async function accountOf(secretOf: (real: string) => string) {
  const { account, actions } = await open([])
  const { body } = await desk.server.call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  const url = await startSample(secretOf(body.secret))
  const saved = await desk.server.call('PUT /api/openchannel/accounts/:id/actions', {
    params: { id: account.id },
    body: {
      actions: [
        ...actions,
        { id: 'bot', type: 'bot', url, timeoutSeconds: 600 },
        { id: 'over', type: 'auto-reply', text: 'About {{vars.topic}}', when: 'always' },
      ],
    },
  })
  expect(saved.status, saved.body.detail).toBe(200)
  return account
}

test('the bot on the page asks, hears the answer, and hands over with what it has learned', async () => {
  expect(sample.trimEnd().split('\n').length).toBeLessThan(36)
  const account = await accountOf((secret) => secret)
  const from = '+398881000'
  const id = await desk.write(account, { from, body: 'Hi' })
  await until(() => answersTo(id).length === 1)
  await desk.write(account, { from, body: 'Returns' })
  await until(() => answersTo(id).length === 2)
  expect(answersTo(id)).toEqual(['Orders or returns?', 'About returns'])
  const other = await desk.write(account, { body: 'agent' })
  await until(() => answersTo(other).length === 2)
  expect(answersTo(other)[0]).toBe('I get a colleague for you.')
})

test('the bot on the page believes no stranger: with another secret it answers nothing, and the thread says what it answered', async () => {
  const account = await accountOf(() => `whsec_${Buffer.alloc(32, 1).toString('base64')}`)
  const id = await desk.write(account)
  await until(async () => (await linesOf(id)).some(({ words }) => words === 'The bot answered 401.'))
  expect(answersTo(id)).not.toContain('Orders or returns?')
  // For the desk to say it in the agent’s language, and for programs in English.
  const thread = await desk.server.call('GET /api/openchannel/interactions/:id/thread', { params: { id } })
  expect(thread.body.items.find(({ type }) => type === 'logged')).toMatchObject({
    data: { text: 'The bot answered 401.' },
    said: { code: 'bot-status', count: 401 },
  })
})

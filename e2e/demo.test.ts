// The demo: within a minute a newcomer sees messages flow in both directions.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { freePort } from '@patchbay/kit/free-port.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './browser.ts'
import { client, dataFolder } from './program.ts'

const luca = { email: 'luca@patchbay.local', password: 'patchbay-demo-2026' }
const marta = { email: 'marta@patchbay.local', password: 'patchbay-demo-2026' }
const undo: (() => Promise<unknown>)[] = []
let desk = ''
let channel = ''
let simulator = ''
const patiently = { timeout: 60_000, interval: 200 }

beforeAll(async () => {
  const folder = await dataFolder()
  undo.push(folder.remove)
  const [port, channelPort] = [await freePort(), await freePort()]
  const [cloudPort, simulatorPort] = [await freePort(), await freePort()]
  desk = `http://localhost:${port}`
  channel = `http://localhost:${channelPort}`
  simulator = `http://localhost:${simulatorPort}`
  const demo = spawn(process.execPath, [fileURLToPath(new URL('../demo/start.js', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      DEMO_PORT: String(channelPort),
      CLOUD_PORT: String(cloudPort),
      SIMULATOR_PORT: String(simulatorPort),
      DATA_DIR: folder.path,
    },
  })
  const exited = once(demo, 'exit')
  undo.push(async () => {
    demo.kill('SIGTERM')
    expect((await exited)[0]).toBe(0)
  })
  let printed = ''
  while (!printed.includes('The demo is ready.')) {
    const [chunk] = await once(demo.stdout, 'data')
    printed += chunk
  }
  expect(printed).toContain(channel)
  expect(printed).toContain(simulator)
  expect(printed).toContain(`${desk}  sign in as ${marta.email} with ${marta.password}`)
})

afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test('what is written as the customer reaches an agent, and the answer, signed, comes back to the page', async () => {
  const browser = await openBrowser()
  undo.push(() => browser.close())
  const { page, complaints } = await openPage(browser, channel)
  await page.goto(channel)
  await page.getByRole('button', { name: 'Amara Okafor' }).click()
  await page.getByLabel('Message').fill('Where is my parcel?')
  await page.keyboard.press('Enter')
  await page.getByRole('log').getByText('Where is my parcel?').waitFor()

  const agent = client(desk, marta)
  const inbox = await agent.get<{ rows: { id: number; preview: string }[] }>(
    '/api/openchannel/inbox?view=waiting&limit=200',
  )
  const id = inbox.rows.find(({ preview }) => preview === 'Where is my parcel?')?.id
  await agent.send('POST', `/api/openchannel/interactions/${id}/accept`)
  await agent.send('POST', '/api/openchannel/messages', {
    OpenchannelInteractionId: id,
    body: 'It arrives tomorrow.',
  })
  await page.getByRole('log').getByText('It arrives tomorrow.').waitFor()
  await picture(page, 'demo')

  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`)).toEqual([])
  expect(complaints).toEqual([])
})

test('a call without a valid signature is refused by the Reply side', async () => {
  const answer = await fetch(`${channel}/reply`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"body":"forged"}',
  })
  expect(answer.status).toBe(401)
})

interface Box {
  threads: { platform: string; messages: { text?: string; isFromPage: boolean }[] }[]
  comments: { message: string; author: { kind: string } }[]
}

test('what is written to the simulated page in Messenger, on its wall and on Instagram reaches an agent, and the answers come back', async () => {
  const page = '101000000000001'
  const play = async (verb: string, input: object) => {
    const answer = await fetch(`${simulator}/simulator/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ page, ...input }),
    })
    expect(answer.status).toBe(200)
  }
  const box = async () => (await (await fetch(`${simulator}/simulator/state`)).json()) as Box
  await play('customer/write', { person: '2010000000000003', text: 'Is my bike ready?' })
  await play('customer/post', { person: '2010000000000004', text: 'Open on Sunday?' })

  const agent = client(desk, luca)
  const answer = async (question: string, body: string) => {
    const find = async () => {
      const path = '/api/openchannel/inbox?view=waiting&limit=200'
      const { rows } = await agent.get<{ rows: { id: number; preview: string }[] }>(path)
      return rows.find(({ preview }) => preview === question)?.id
    }
    await expect.poll(find, patiently).toBeDefined()
    const id = await find()
    await agent.send('POST', `/api/openchannel/interactions/${id}/accept`)
    await agent.send('POST', '/api/openchannel/messages', { OpenchannelInteractionId: id, body })
  }
  await answer('Is my bike ready?', 'Since this morning.')
  const sent = async () => (await box()).threads.flatMap(({ messages }) => messages)
  const isSent = async () =>
    (await sent()).some(({ text, isFromPage }) => isFromPage && text === 'Since this morning.')
  await expect.poll(isSent, patiently).toBe(true)
  await answer('Open on Sunday?', 'From ten to two.')
  const comments = async () => (await box()).comments.map(({ message, author }) => [author.kind, message])
  await expect.poll(comments, patiently).toEqual([['page', 'From ten to two.']])

  await play('customer/write', {
    platform: 'instagram',
    person: '2010000000000005',
    text: 'Is the red one left?',
  })
  await answer('Is the red one left?', 'The last one.')
  const isToldOnInstagram = async () =>
    (await box()).threads.some(
      ({ platform, messages }) =>
        platform === 'instagram' &&
        messages.some(({ text, isFromPage }) => isFromPage && text === 'The last one.'),
    )
  await expect.poll(isToldOnInstagram, patiently).toBe(true)
})

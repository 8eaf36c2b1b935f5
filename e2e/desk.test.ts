// The desk in a browser, against the real program: what an agent does all day, by keyboard, and what must never happen to him.
import { createHmac } from 'node:crypto'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './browser.ts'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  makeAccount,
  makeUser,
  type OwnAccount,
  type Person,
  type Service,
  send,
  startService,
} from './service.ts'

let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program
let browser: Browser
let service: Service
let api: Client
let account: OwnAccount
let secret: string
let agent: Person

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: folder.path })
  browser = await openBrowser()
  service = await startService()
  api = client(program.origin)
  agent = await makeUser(api)
  account = await makeAccount(api, { replyUrl: service.replyUrl, mapKey: 'phone' })
  secret = (await api.send<{ secret: string }>('POST', `/api/openchannel/accounts/${account.id}/secret`, {}))
    .secret
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', {
    name: 'Sales',
    agentTimeoutSeconds: 60,
  })
  const ids = [agent.user.id]
  await api.send('PUT', `/api/openchannel/queues/${queue.id}/agents`, { ids })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/actions`, {
    actions: [{ type: 'queue', queueId: queue.id }],
  })
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await program?.stop()
  await folder?.remove()
})

/** A signed-in page of the inbox. */
async function openDesk(options: Parameters<typeof openPage>[2] = {}, path = '/inbox/mine') {
  const watched = await openPage(browser, program.origin, options)
  const { page } = watched
  page.setDefaultTimeout(10_000)
  const { email, password } = agent
  const signedIn = await page.request.post(`${program.origin}/api/session`, {
    data: { email, password },
    headers: { origin: program.origin },
  })
  expect(signedIn.ok()).toBe(true)
  await page.goto(`${program.origin}${path}`)
  await page.getByRole('heading', { name: 'My inbox' }).waitFor({ state: 'attached' })
  watched.complaints.length = 0
  return watched
}

async function write(from: string, body: string): Promise<number> {
  const { interaction } = await send(account.receiveUrl, { from, firstName: `Customer ${from}`, body })
  return interaction.id
}

/** An interaction that the agent has. */
async function assigned(from: string, body: string): Promise<number> {
  const id = await write(from, body)
  await api.send('PUT', `/api/openchannel/interactions/${id}`, { UserId: agent.user.id })
  return id
}

function setPresence(state: string) {
  return client(program.origin, agent).send('PUT', '/api/me/presence', { state, reason: null })
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('an offer is accepted, answered with a file, noted and closed by keyboard alone, and the answer arrives signed', async () => {
  const { page, complaints } = await openDesk()
  await setPresence('available')
  const id = await write('+39 347 000 0001', 'Where is my parcel?')
  await page.getByRole('article').getByText('Where is my parcel?').waitFor()
  await picture(page, 'desk-offer')
  await page.keyboard.press('Alt+a')
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await page.waitForURL(`**/inbox/mine/${id}`)
  await page.locator('textarea:focus').waitFor()

  await page.keyboard.type('It leaves today. Here is the invoice.')
  await page.locator('input[type=file]').setInputFiles({
    name: 'invoice.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7 an invoice'),
  })
  await page.getByRole('button', { name: 'Remove invoice.pdf' }).waitFor()
  await reply.focus()
  await page.keyboard.press('Enter')
  const log = page.getByRole('log')
  await log.getByText('Sent').last().waitFor()
  const [text, file] = await service.callsFor(id, 2)
  expect(text?.body.body).toBe('It leaves today. Here is the invoice.')
  expect(file?.body.AttachmentId).toEqual(expect.any(Number))
  for (const call of [text, file]) {
    const {
      'webhook-id': callId,
      'webhook-timestamp': at,
      'webhook-signature': signature,
    } = call?.headers ?? {}
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    const mac = createHmac('sha256', key).update(`${callId}.${at}.${call?.text}`).digest('base64')
    expect(signature).toContain(`v1,${mac}`)
  }

  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('She was kind.')
  await page.keyboard.press('Enter')
  await log.getByText('She was kind.').waitFor()
  await picture(page, 'desk-answered')
  await page.keyboard.press('Escape')
  await page.keyboard.press('e')
  await page.getByRole('textbox', { name: 'How did it end?' }).waitFor()
  await page.keyboard.type('solved')
  await page.keyboard.press('Enter')
  await page.getByText('You are up to date').waitFor()
  const closed = await api.get<{ closed: boolean; disposition: string }>(
    `/api/openchannel/interactions/${id}`,
  )
  expect(closed).toMatchObject({ closed: true, disposition: 'solved' })
  expect(service.calls.filter(({ body }) => body.body === 'She was kind.')).toEqual([])
  expect(complaints).toEqual([])
  await setPresence('offline')
})

test('a draft stays with its interaction, through switching, another view and a reload', async () => {
  const first = await assigned('+39 347 000 0002', 'The first')
  const second = await assigned('+39 347 000 0003', 'The second')
  const { page } = await openDesk({}, `/inbox/mine/${first}`)
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('For the first only')
  await page.getByRole('option', { name: /The second/ }).waitFor()
  await page.keyboard.press('Alt+ArrowUp')
  await page.waitForURL(`**/inbox/mine/${second}`)
  expect(await reply.inputValue()).toBe('')
  await page.goto(`${program.origin}/inbox/team/${second}`)
  await reply.waitFor()
  expect(await reply.inputValue()).toBe('')
  await page.goto(`${program.origin}/inbox/mine/${first}`)
  await reply.waitFor()
  expect(await reply.inputValue()).toBe('For the first only')
  await page.getByRole('option', { name: /Draft.*For the first only/ }).waitFor()
})

test('what was missed while the connection was broken is shown, and what was written meanwhile is sent once', async () => {
  const id = await assigned('+39 347 000 0004', 'Before the break')
  const { page } = await openDesk({}, `/inbox/mine/${id}`)
  const log = page.getByRole('log')
  await log.getByText('Before the break').waitFor()
  const { port, dataDir } = program
  await program.stop()
  await page.getByText('Offline. You can keep writing.').waitFor()
  await page.getByRole('textbox', { name: 'Reply' }).fill('Written while offline')
  await page.keyboard.press('Enter')
  await log.getByText('Waits to be sent').waitFor()
  await picture(page, 'desk-offline')
  await page.reload().catch(() => undefined)
  program = await startProgram({ dataDir, port })
  await write('+39 347 000 0004', 'Missed by the desk')
  await page.goto(`${program.origin}/inbox/mine/${id}`)
  await log.getByText('Missed by the desk').waitFor()
  // The customer wrote meanwhile: the answer is held until the agent has seen it.
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await log.getByText('Sent').waitFor()
  expect(await log.getByText('Written while offline').count()).toBe(1)
  const calls = await service.callsFor(id, 1)
  expect(calls.map(({ body }) => body.body)).toEqual(['Written while offline'])
})

test('of two tabs one rings', async () => {
  await setPresence('available')
  const { page } = await openDesk()
  const other = await page.context().newPage()
  const count = async (one: Page) => {
    await one.addInitScript(`
      window.started = 0
      const { start } = OscillatorNode.prototype
      OscillatorNode.prototype.start = function (...when) {
        window.started++
        return start.apply(this, when)
      }`)
    await one.goto(`${program.origin}/inbox/mine`)
    await one.getByRole('heading', { name: 'My inbox' }).waitFor()
  }
  await count(page)
  await count(other)
  const id = await write('+39 347 000 0005', 'Ring')
  for (const one of [page, other]) await one.getByRole('article').getByText('Ring').waitFor()
  await page.waitForTimeout(500)
  const rung = await Promise.all([page, other].map((one) => one.evaluate<boolean>('started > 0')))
  expect(rung.filter(Boolean)).toHaveLength(1)
  await other.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('article').waitFor({ state: 'detached' })
  await setPresence('offline')
  await api.send('POST', `/api/openchannel/interactions/${id}/close`, {})
})

test('a failed answer says why and can be tried again', async () => {
  const id = await assigned('+39 347 000 0006', 'Can you hear me?')
  const { page } = await openDesk({}, `/inbox/mine/${id}`)
  service.answers.push({ status: 400, body: { error: 'no such customer' } })
  await page.getByRole('textbox', { name: 'Reply' }).fill('Yes')
  await page.keyboard.press('Enter')
  const log = page.getByRole('log')
  await log.getByText(/^Not delivered/).waitFor()
  await picture(page, 'desk-failed')
  await log.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('dialog').getByText('Reason').waitFor()
  await page.keyboard.press('Escape')
  await log.getByRole('button', { name: 'Retry' }).click()
  await log.getByText('Sent', { exact: true }).waitFor()
  expect(await service.callsFor(id, 2)).toHaveLength(2)
})

test.each(['light', 'dark'] as const)(
  'every state of the desk can be used by everyone, in %s',
  async (colorScheme) => {
    const id = await assigned(`+39 347 000 001${colorScheme.length}`, 'مرحبا، أين طلبي؟')
    await client(program.origin, agent).send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: id,
      body: 'A note with an address: https://example.com/a-long-one',
      secret: true,
    })
    const { page, complaints } = await openDesk({ colorScheme }, `/inbox/mine/${id}`)
    await page.getByRole('log').getByText('A note with an address').waitFor()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    const found: Record<string, string[]> = { thread: await faults(page) }
    await picture(page, `desk-thread-${colorScheme}`)

    await page.keyboard.press('t')
    await page.getByRole('dialog').getByText('Sales').waitFor()
    found.transfer = await faults(page)
    await picture(page, `desk-transfer-${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('e')
    await page.getByRole('dialog').waitFor()
    found.close = await faults(page)
    await page.keyboard.press('Escape')

    await page.goto(`${program.origin}/inbox/waiting`)
    await page.getByText('Nobody waits').waitFor()
    found.empty = await faults(page)
    await picture(page, `desk-empty-${colorScheme}`)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${program.origin}/inbox/mine`)
    await page.getByRole('option').first().waitFor()
    found.narrowList = await faults(page)
    await picture(page, `desk-narrow-list-${colorScheme}`)
    await page.getByRole('option').first().click()
    await page.getByRole('textbox', { name: 'Reply' }).waitFor()
    found.narrowThread = await faults(page)
    await picture(page, `desk-narrow-thread-${colorScheme}`)
    expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({})
    expect(complaints).toEqual([])
  },
)

// The desk in a browser, against the real program: what an agent does all day, by keyboard, and what must never happen to him.
import { createHmac } from 'node:crypto'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'
import { client } from './program.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterEach(async () => {
  for (const context of office.browser.contexts()) await context.close()
})
afterAll(() => office?.close())

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('an offer is accepted, answered with a file, noted and closed by keyboard alone, and the answer arrives signed', async () => {
  const { page, complaints } = await office.openDesk()
  await office.setPresence('available')
  const id = await office.write('+39 347 000 0001', 'Where is my parcel?')
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
  const [text, file] = await office.service.callsFor(id, 2)
  expect(text?.body.body).toBe('It leaves today. Here is the invoice.')
  expect(file?.body.AttachmentId).toEqual(expect.any(Number))
  for (const call of [text, file]) {
    const {
      'webhook-id': callId,
      'webhook-timestamp': at,
      'webhook-signature': signature,
    } = call?.headers ?? {}
    const key = Buffer.from(office.secret.replace(/^whsec_/, ''), 'base64')
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
  await page.getByRole('combobox', { name: 'How did it end?' }).waitFor()
  await page.keyboard.type('solved')
  await page.keyboard.press('Enter')
  await page.getByText('You are up to date').waitFor()
  const closed = await office.api.get<{ closed: boolean; disposition: string }>(
    `/api/openchannel/interactions/${id}`,
  )
  expect(closed).toMatchObject({ closed: true, disposition: 'Solved' })
  expect(office.service.calls.filter(({ body }) => body.body === 'She was kind.')).toEqual([])
  expect(complaints).toEqual([])
  await office.setPresence('offline')
})

test('a draft stays with its interaction, through switching, another view and a reload', async () => {
  const first = await office.assigned('+39 347 000 0002', 'The first')
  const second = await office.assigned('+39 347 000 0003', 'The second')
  const { page } = await office.openDesk({}, `/inbox/mine/${first}`)
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('For the first only')
  await page.getByRole('option', { name: /The second/ }).waitFor()
  await page.keyboard.press('Alt+ArrowUp')
  await page.waitForURL(`**/inbox/mine/${second}`)
  await expect.poll(() => reply.inputValue()).toBe('')
  await page.goto(`${office.program.origin}/inbox/team/${second}`)
  await reply.waitFor()
  await expect.poll(() => reply.inputValue()).toBe('')
  await page.goto(`${office.program.origin}/inbox/mine/${first}`)
  await reply.waitFor()
  await expect.poll(() => reply.inputValue()).toBe('For the first only')
  await page.getByRole('option', { name: /Draft.*For the first only/ }).waitFor()
})

test('what was missed while the connection was broken is shown, and what was written meanwhile is sent once', async () => {
  const id = await office.assigned('+39 347 000 0004', 'Before the break')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  const log = page.getByRole('log')
  await log.getByText('Before the break').waitFor()
  await page.getByRole('textbox', { name: 'Reply' }).waitFor()
  await office.program.stop()
  await page.getByText('Offline. You can keep writing.').waitFor()
  await page.getByRole('textbox', { name: 'Reply' }).fill('Written while offline')
  await page.keyboard.press('Enter')
  await log.getByText('Waits to be sent').waitFor()
  await picture(page, 'desk-offline')
  await page.reload().catch(() => undefined)
  await office.restart()
  await office.write('+39 347 000 0004', 'Missed by the desk')
  await page.goto(`${office.program.origin}/inbox/mine/${id}`)
  await log.getByText('Missed by the desk').waitFor()
  // The customer wrote meanwhile: the answer is held until the agent has seen it.
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await log.getByText('Sent').waitFor()
  await expect.poll(() => log.getByText('Written while offline').count()).toBe(1)
  const calls = await office.service.callsFor(id, 1)
  expect(calls.map(({ body }) => body.body)).toEqual(['Written while offline'])
})

test('what is opened for the first time while the connection is broken comes when it is back, and nothing is taken away', async () => {
  const id = await office.assigned('+39 347 000 0041', 'Pass me on')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  const log = page.getByRole('log')
  await log.getByText('Pass me on').waitFor()
  await page.route('**/assets/**', (route) => route.abort())
  const failed = page.waitForEvent('requestfailed')
  await page.getByRole('button', { name: 'Transfer' }).click()
  await failed
  await page.unroute('**/assets/**')
  await page.getByRole('searchbox', { name: 'Find a queue' }).waitFor()
  await page.keyboard.press('Escape')
  await log.getByText('Pass me on').waitFor()
})

test('of two tabs one rings', async () => {
  await office.setPresence('available')
  const { page } = await office.openDesk()
  const other = await page.context().newPage()
  const count = async (one: Page) => {
    await one.addInitScript(`
      window.started = 0
      const { start } = OscillatorNode.prototype
      OscillatorNode.prototype.start = function (...when) {
        window.started++
        return start.apply(this, when)
      }`)
    await one.goto(`${office.program.origin}/inbox/mine`)
    await one.getByRole('heading', { name: 'My inbox' }).waitFor()
  }
  await count(page)
  await count(other)
  const id = await office.write('+39 347 000 0005', 'Ring')
  for (const one of [page, other]) await one.getByRole('article').getByText('Ring').waitFor()
  await page.waitForTimeout(500)
  const rung = await Promise.all([page, other].map((one) => one.evaluate<boolean>('started > 0')))
  expect(rung.filter(Boolean)).toHaveLength(1)
  await other.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('article').waitFor({ state: 'detached' })
  await office.setPresence('offline')
  await office.api.send('POST', `/api/openchannel/interactions/${id}/close`, {})
})

test('a failed answer says why and can be tried again', async () => {
  const id = await office.assigned('+39 347 000 0006', 'Can you hear me?')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  office.service.answers.push({ status: 400, body: { error: 'no such customer' } })
  const log = page.getByRole('log')
  await log.getByText('Can you hear me?').waitFor()
  await page.getByRole('textbox', { name: 'Reply' }).fill('Yes')
  await page.keyboard.press('Enter')
  await log.getByText(/^Not delivered/).waitFor()
  await picture(page, 'desk-failed')
  await log.getByRole('button', { name: /^Not delivered/ }).click()
  const way = page.getByRole('dialog', { name: 'The way of this answer' })
  await way.getByText('Attempt 1: 400').waitFor()
  expect((await way.getByRole('listitem').allTextContents()).map((text) => text.split(' ')[0])).toEqual([
    expect.stringMatching(/^Written/),
    expect.stringMatching(/^Queued/),
    'Attempt',
    'Not',
  ])
  await page.keyboard.press('Escape')
  await log.getByRole('button', { name: 'Retry' }).click()
  await log.getByText('Sent', { exact: true }).waitFor()
  expect(await office.service.callsFor(id, 2)).toHaveLength(2)
})

test.each(['light', 'dark'] as const)(
  'every state of the desk can be used by everyone, in %s',
  async (colorScheme) => {
    const id = await office.assigned(`+39 347 000 001${colorScheme.length}`, 'مرحبا، أين طلبي؟')
    await client(office.program.origin, office.agent).send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: id,
      body: 'A note with an address: https://example.com/a-long-one',
      secret: true,
    })
    const { page, complaints } = await office.openDesk({ colorScheme }, `/inbox/mine/${id}`)
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

    await page.goto(`${office.program.origin}/inbox/waiting`)
    await page.getByText('Nobody waits').waitFor()
    found.empty = await faults(page)
    await picture(page, `desk-empty-${colorScheme}`)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${office.program.origin}/inbox/mine`)
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

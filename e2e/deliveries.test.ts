// The delivery log in a browser: a Reply URL that is down, what agent and admin see of it, its repair, and what goes out again.
import { AxeBuilder } from '@axe-core/playwright'
import { freePort } from '@patchbay/kit/free-port.ts'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'
import { admin } from './program.ts'

let office: Office
/** The admin at the log. */
let log: Page
let desk: Page
let complaints: string[]
let interactionId: number

beforeAll(async () => {
  office = await openOffice()
  const watched = await openPage(office.browser, office.program.origin)
  log = watched.page
  complaints = watched.complaints
  log.setDefaultTimeout(30_000)
  await log.goto(`${office.program.origin}/signin`)
  await log.getByLabel('E-mail').fill(admin.email)
  await log.getByLabel('Password', { exact: true }).fill(admin.password)
  await log.keyboard.press('Enter')
  await log.waitForURL(/\/inbox/)
  interactionId = await office.assigned('+39 347 000 0101', 'Where is my parcel?')
  desk = (await office.openDesk({}, `/inbox/mine/${interactionId}`)).page
})
afterAll(() => office?.close())

const logPath = () => `${office.program.origin}/admin/accounts/${office.account.id}/deliveries`
const rows = (page: Page) => page.locator('.data-table tbody tr:has(.row-link)')
const replyTo = (replyUrl: string) =>
  office.api.send('PATCH', `/api/openchannel/accounts/${office.account.id}`, { replyUrl })

async function answer(text: string): Promise<void> {
  await desk.getByRole('textbox', { name: 'Reply' }).fill(text)
  await desk.keyboard.press('Enter')
}

test('an answer that nobody takes is said to be tried again, to the agent and in the log, which shows it without a reload', async () => {
  await replyTo(`http://127.0.0.1:${await freePort()}/replies`)
  await log.goto(logPath())
  await log.getByText('Every message of your service').or(rows(log).first()).waitFor()
  await log.evaluate('window.notReloaded = true')
  await answer('It leaves today.')
  await desk.getByRole('button', { name: /^Retrying at/ }).waitFor()
  await rows(log).filter({ hasText: 'Retrying' }).waitFor()
  expect(await log.evaluate('window.notReloaded')).toBe(true)
})

test('its entry tells why in words, shows every attempt, and has an address of its own', async () => {
  await rows(log).filter({ hasText: 'Retrying' }).getByRole('link').first().click()
  const drawer = log.getByRole('dialog')
  await drawer.getByText('Nobody listens there.').waitFor()
  await drawer.getByRole('button', { name: /^Attempt 1/ }).waitFor()
  await drawer.getByText(/^Next at/).waitFor()
  const address = log.url()
  await log.reload()
  await drawer.getByText('Nobody listens there.').waitFor()
  expect(log.url()).toBe(address)
  await drawer.getByRole('tab', { name: 'Response' }).click()
  await drawer.getByText('There was no answer.').waitFor()
})

test('once the Reply URL is mended the entry follows, also to an answer that is final', async () => {
  office.service.answers.push({ status: 400, body: { error: 'no such customer' } })
  await replyTo(office.service.replyUrl)
  const drawer = log.getByRole('dialog')
  await drawer.getByText('Your service did not accept what was sent.').waitFor({ timeout: 40_000 })
  await drawer.getByRole('button', { name: /^Attempt \d+\s*400/ }).waitFor()
  await drawer.getByRole('tab', { name: 'Response 400' }).click()
  await drawer.getByText('no such customer').waitFor()
  await drawer.getByText('First byte').waitFor()
  await drawer.getByText('application/json').first().waitFor()
  await desk.getByRole('button', { name: /^Not delivered/ }).waitFor()
  await picture(log, 'delivery-entry-light')
})

test('a replay delivers it, and the agent sees it sent', async () => {
  await log.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
  await desk.getByRole('button', { name: 'Sent', exact: true }).waitFor()
  await log.keyboard.press('Escape')
  await log.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => log.url()).toBe(logPath())
  await rows(log).filter({ hasText: 'Delivered 200' }).waitFor()
  expect(office.service.calls.filter(({ body }) => body.body === 'It leaves today.')).toHaveLength(2)
})

test('the word below an answer opens its way, for an agent without the log', async () => {
  await desk.getByRole('button', { name: 'Sent', exact: true }).click()
  const way = desk.getByRole('dialog', { name: 'The way of this answer' })
  await way.getByText('Sent: the service took it').waitFor()
  await way.getByText('Attempt 1: no answer').first().waitFor()
  expect(await way.getByRole('link').count()).toBe(0)
  expect(await faults(desk)).toEqual([])
  await desk.keyboard.press('Escape')
})

test('while one points at the rows nothing moves, and what has come waits above them', async () => {
  const before = await rows(log).allTextContents()
  await rows(log).first().hover()
  await answer('And a second one.')
  await log.getByRole('button', { name: /^Show \d+ new/ }).waitFor()
  expect((await rows(log).allTextContents()).length).toBe(before.length)
  await log.mouse.move(5, 5)
  await expect.poll(() => rows(log).count(), { timeout: 30_000 }).toBeGreaterThan(before.length)
})

test('filters stand in the address and can be taken off', async () => {
  await log
    .getByRole('button', { name: 'Failed', exact: true })
    .or(log.getByRole('radio', { name: 'Failed' }))
    .click()
  await log.waitForURL(/state=failed/)
  await rows(log).filter({ hasText: 'Delivered 200' }).first().waitFor({ state: 'detached' })
  await expect.poll(() => rows(log).count()).toBe(1)
  await log.goto(`${logPath()}?interaction=${interactionId}&state=done`)
  await rows(log).filter({ hasText: 'Delivered 200' }).first().waitFor()
  await log.getByRole('button', { name: `Remove Interaction ${interactionId}` }).click()
  await log.waitForURL((url) => !url.searchParams.has('interaction'))
})

test('all that failed goes out again after one has read how much that is', async () => {
  office.service.answers.push({ status: 422 })
  await answer('A third one.')
  await desk.getByRole('button', { name: /^Not delivered/ }).waitFor()
  await log.goto(logPath())
  await log.getByRole('button', { name: 'Replay all failed…' }).click()
  const dialog = log.getByRole('alertdialog')
  await dialog.getByText(/go(es)? out again/).waitFor()
  await dialog.getByRole('button', { name: 'Replay them' }).click()
  await dialog.waitFor({ state: 'detached' })
  await desk.getByRole('button', { name: /^Not delivered/ }).waitFor({ state: 'detached' })
})

test('the health of the account is a word with figures that leads to what failed', async () => {
  await log.goto(`${office.program.origin}/admin/accounts`)
  await log.getByRole('link', { name: /^(OK|Degraded|Failing) · / }).click()
  await log.waitForURL(/deliveries\?state=failed/)
})

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in %s, %i wide,', (colorScheme, width) => {
  test('every state of the log can be used by everyone', async () => {
    await log.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await log.setViewportSize({ width, height: 900 })
    await log.goto(`${logPath()}?interaction=${interactionId}&direction=out`)
    await rows(log).first().waitFor()
    const found: Record<string, string[]> = { log: await faults(log) }
    await picture(log, `delivery-log-${colorScheme}`)
    expect(await log.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)

    await log.getByRole('button', { name: /^Filter/ }).click()
    await log.getByRole('dialog', { name: 'Filter' }).getByText('Time').first().waitFor()
    found.filter = await faults(log)
    await log.keyboard.press('Escape')
    await log.getByRole('dialog').waitFor({ state: 'detached' })

    await rows(log).last().getByRole('link').first().click()
    const drawer = log.getByRole('dialog')
    await drawer.getByRole('button', { name: /^Attempt 1/ }).waitFor()
    found.entry = await faults(log)
    await picture(log, `delivery-entry-${colorScheme}-${width}`)
    await log.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })

    await log.getByRole('button', { name: 'Replay all failed…' }).click()
    await log.getByRole('alertdialog').waitFor()
    found.replay = await faults(log)
    await log.keyboard.press('Escape')
    expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({})
  })
})

test('nothing was asked of other hosts and nothing broke', () => {
  expect(complaints.filter((text) => !text.includes('status of 401'))).toEqual([])
})

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

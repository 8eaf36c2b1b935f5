// The Routing tab and triggers: a flow is built and saved, a trigger is made, tried and switched on, and its pop-up reaches the agent.
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Watched } from './browser.ts'
import { picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'
import { admin } from './program.ts'

const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let office: Office
let desk: Watched

beforeAll(async () => {
  office = await openOffice()
  await office.api.send('PUT', `/api/openchannel/accounts/${office.account.id}/actions`, { actions: [] })
  desk = await office.openDesk({}, '/inbox', { ...office.agent, ...admin })
  desk.page.setDefaultTimeout(30_000)
})

afterAll(async () => {
  await office?.close()
})

const add = async (step: string) => {
  await desk.page.getByRole('button', { name: 'Add a step' }).click()
  await desk.page.getByRole('menuitem', { name: step }).first().click()
}
/** By keys: a list may still be finding its place while the page grows under it. */
const choose = async (button: RegExp, option: string) => {
  const { page } = desk
  await page.getByRole('button', { name: button }).press('Enter')
  await page.getByRole('option', { name: option }).press('Enter')
  await page.getByRole('listbox').waitFor({ state: 'detached' })
}
const violations = async () =>
  (await new AxeBuilder({ page: desk.page }).withTags(axeTags).analyze()).violations
const actions = async () =>
  ((await office.api.get(`/api/openchannel/accounts/${office.account.id}`)) as { actions: object[] }).actions

test('a flow is built of steps, moved, refused at the step at fault, and saved', async () => {
  const { page } = desk
  await page.goto(`${office.program.origin}/admin/accounts/${office.account.id}/routing`)
  await page.getByText('There are no steps').waitFor()
  await add('Go to if')
  await page.getByRole('button', { name: 'Add a condition' }).first().click()
  await page.getByRole('textbox', { name: 'Value' }).fill('refund')
  await add('Auto reply')
  await page.getByLabel('Text').fill('Good morning ')
  await page.getByRole('button', { name: 'Insert a variable' }).click()
  await page.getByRole('menuitem', { name: 'contact.firstName' }).click()
  await add('Queue')
  await page.keyboard.press('Control+s')
  await page
    .locator('li', { hasText: '3. Queue' })
    .getByRole('alert')
    .or(page.getByText(/Step 3/).first())
    .first()
    .waitFor()

  const queue = page.getByRole('combobox', { name: 'Queue' })
  // In view first: what scrolls under an open list closes it.
  await queue.evaluate((field) => field.scrollIntoView({ block: 'center' }))
  await queue.click()
  await queue.fill('Refunds')
  await page.getByRole('option', { name: /Create/ }).click()
  await page.getByRole('link', { name: 'Refunds' }).waitFor()
  await page.getByRole('button', { name: 'Move 3. Queue up' }).click()
  await page.getByRole('heading', { name: '2. Queue' }).waitFor()
  await choose(/If it holds, go to/, '2. Queue')
  await choose(/Otherwise, go to/, '3. Auto reply')
  await page.getByLabel('Message', { exact: true }).fill('I want a REFUND')
  await page.getByRole('button', { name: 'Try', exact: true }).click()
  await page.getByText('It waits in a queue').waitFor()
  const card = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })
  await card('1. Go to if').getByText('1. Jumps').waitFor()
  await card('2. Queue').getByText('2. Waits here').waitFor()
  expect(await card('3. Auto reply').getByRole('list').count()).toBe(0)
  await card('1. Go to if').getByRole('list').scrollIntoViewIfNeeded()
  await picture(page, 'routing-light')
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect(await actions()).toMatchObject([
    { type: 'go-to-if', then: 'queue-1', else: 'auto-reply-1' },
    { type: 'queue', id: 'queue-1' },
    { type: 'auto-reply', text: 'Good morning {{contact.firstName}}' },
  ])
  expect(await violations()).toEqual([])
})

test('a bot and a web request are added; what is secret in them is stored once and kept', async () => {
  const { page } = desk
  await add('Web request')
  const addresses = page.getByRole('textbox', { name: 'Address' })
  await addresses.fill('https://shop.test/orders')
  await page.getByRole('button', { name: 'Add a header' }).click()
  await page.getByRole('textbox', { name: 'Header' }).fill('authorization')
  await page.getByText('Secret', { exact: true }).click()
  // Beside that of the condition.
  await page.getByLabel('Value').last().fill('Bearer of bad news')
  await add('Bot')
  await addresses.last().fill('https://bot.test')
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  await page.getByPlaceholder('Stored').waitFor()
  await page.getByLabel('Keeps the answer in').fill('order')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: 'Add a header' }).scrollIntoViewIfNeeded()
  await picture(page, 'routing-narrow')
  await page.getByRole('button', { name: 'Try', exact: true }).click()
  await page.getByText('The flow ends or waits').or(page.getByText('It waits in a queue')).waitFor()
  await picture(page, 'trying-narrow')
  expect(await violations()).toEqual([])
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect((await actions()).slice(3)).toMatchObject([
    { variable: 'order', headers: [{ name: 'authorization', value: null, secret: true }] },
    { type: 'bot', url: 'https://bot.test', onTimeout: null },
  ])
})

test('a trigger is made, tried and switched on; its pop-up reaches the agent, once, until he puts it away', async () => {
  const { page } = desk
  await page.goto(`${office.program.origin}/admin/triggers`)
  await page.getByText('No trigger yet').waitFor()
  await page.getByRole('button', { name: 'New trigger' }).first().click()
  await page.getByLabel('Name').fill('Refunds')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/admin\/triggers\/\d+/)
  await page.getByText('Without a condition every message fires it.').waitFor()
  await page.getByRole('button', { name: 'Add a condition' }).first().click()
  await page.getByRole('textbox', { name: 'Value' }).fill('refund')
  await page.getByText('message.body contains “refund”').waitFor()
  await page.getByText('This trigger is on').click()
  await page.getByLabel('Message', { exact: true }).fill('Where is my REFUND?')
  await page.getByRole('button', { name: 'Try', exact: true }).click()
  await page.getByText('It would fire.').waitFor()
  await picture(page, 'trigger-light')
  expect(await violations()).toEqual([])
  await page.keyboard.press('Control+s')
  await page.getByText(/unsaved change/).waitFor({ state: 'hidden' })

  const first = await office.openDesk()
  const second = await office.another(first.page.context(), '/inbox')
  const id = await office.write('+39 333', 'I want a refund')
  // Whoever takes it before the router does has it without its steps.
  const runs = async () =>
    ((await office.api.get(`/api/openchannel/interactions/${id}/runs`)) as { rows: object[] }).rows
  await expect.poll(runs, { timeout: 40_000 }).toHaveLength(1)
  await office.api.send('PUT', `/api/openchannel/interactions/${id}`, { UserId: office.agent.user.id })
  await first.page.bringToFront()
  const shown = (on: typeof page) => on.getByRole('alertdialog').filter({ hasText: 'I want a refund' })
  await expect
    .poll(async () => (await shown(first.page).count()) + (await shown(second).count()), { timeout: 40_000 })
    .toBe(1)
  const holder = (await shown(first.page).count()) > 0 ? first.page : second
  await picture(holder, 'popup-light')
  await shown(holder).getByRole('button', { name: 'Close' }).click()
  await expect
    .poll(async () => (await shown(first.page).count()) + (await shown(second).count()), { timeout: 40_000 })
    .toBe(0)
  await expect
    .poll(async () => await office.api.get(`/api/openchannel/interactions/${id}/thread`), { timeout: 40_000 })
    .toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ type: 'triggered' })]) })

  await first.page.goto(`${office.program.origin}/inbox/mine/${id}`)
  await first.page.getByRole('button', { name: 'Why?' }).click()
  await first.page.getByRole('button', { name: 'How this was routed' }).click()
  await first.page.getByText('The conditions hold: on to queue-1.').waitFor()
  await picture(first.page, 'routed-light')
  const told = await new AxeBuilder({ page: first.page }).withTags(axeTags).analyze()
  expect(told.violations).toEqual([])
  await office.api.send('PUT', `/api/openchannel/interactions/${id}`, { closed: true })
  await first.page.goto(`${office.program.origin}/inbox/closed/${id}`)
  await first.page.getByRole('button', { name: 'Why?' }).click()
  await first.page.getByRole('button', { name: 'How this was routed' }).click()
  await first.page.getByText('The conditions hold: on to queue-1.').waitFor()
  expect(first.complaints).toEqual([])
})

test('a queue is told to ask how it ended, to ask for a skill and to accept for the agent; its next offer opens by itself', async () => {
  const { page } = desk
  await page.goto(`${office.program.origin}/admin/skills`)
  await page.getByRole('button', { name: 'New skill' }).first().click()
  await page.getByLabel('Name').fill('Italian')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Rename Italian' }).waitFor()
  expect(await violations()).toEqual([])
  await page.goto(`${office.program.origin}/admin/users/${office.agent.user.id}`)
  const level = page.getByRole('textbox', { name: 'Italian' })
  await level.fill('7')
  await level.press('Tab')
  const levels = async () =>
    ((await office.api.get('/api/openchannel/skills')) as { rows: { agents: object[] }[] }).rows
  await expect.poll(levels, { timeout: 40_000 }).toMatchObject([{ agents: [{ level: 7 }] }])
  expect(await violations()).toEqual([])

  const { rows } = (await office.api.get('/api/openchannel/queues')) as {
    rows: { id: number; name: string }[]
  }
  const sales = rows.find(({ name }) => name === 'Sales')?.id ?? 0
  await page.goto(`${office.program.origin}/admin/queues/${sales}`)
  await page.getByText('Accept for the agent').click()
  await page.getByText('Ask how it ended').click()
  await page.getByRole('button', { name: 'Ask for a skill' }).click()
  await picture(page, 'queue-light')
  expect(await violations()).toEqual([])
  await page.keyboard.press('Control+s')
  await page.getByText(/unsaved change/).waitFor({ state: 'hidden' })
  expect(await office.api.get(`/api/openchannel/queues/${sales}`)).toMatchObject({
    dispositionRequired: true,
    autoAnswer: true,
    skills: [{ level: 5 }],
  })

  await office.api.send('PUT', `/api/openchannel/accounts/${office.account.id}/actions`, {
    actions: [{ type: 'queue', queueId: sales }],
  })
  const own = await office.openDesk()
  await office.setPresence('available')
  const id = await office.write('+39 444', 'Is anybody there?')
  await own.page.waitForURL((url) => url.pathname.endsWith(`/inbox/mine/${id}`), { timeout: 60_000 })
  expect(await office.api.get(`/api/openchannel/interactions/${id}`)).toMatchObject({
    state: 'assigned',
    UserId: office.agent.user.id,
  })
  expect(own.complaints).toEqual([])
})

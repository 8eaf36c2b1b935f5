// A newcomer connects a service: account, first message, answer, key, queue, user; and every page of administration is readable by all.
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage, picture, type Watched } from './browser.ts'
import { admin, type Client, client, dataFolder, type Program, startProgram } from './program.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program
let browser: Browser
let desk: Watched
let page: Page
let api: Client

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: folder.path })
  browser = await openBrowser()
  desk = await openPage(browser, program.origin)
  page = desk.page
  page.setDefaultTimeout(30_000)
  api = client(program.origin)
  await signIn(page, admin)
})

afterAll(async () => {
  await browser?.close()
  await program?.stop()
  await folder?.remove()
})

async function signIn(on: Page, user: { email: string; password: string }): Promise<void> {
  await on.goto(`${program.origin}/signin`)
  await on.getByLabel('E-mail').fill(user.email)
  await on.getByLabel('Password', { exact: true }).fill(user.password)
  await on.keyboard.press('Enter')
  await on.waitForURL(/\/inbox/)
}

const step = (number: number) => page.locator(`[data-step="${number}"]`)
const isDone = (number: number) =>
  step(number).getByRole('img', { name: 'Done' }).waitFor({ timeout: 40_000 })

test('two fields make an account and lead to its Connect page', async () => {
  await page.goto(`${program.origin}/admin`)
  await page.getByText('No account yet').waitFor()
  await page.getByRole('link', { name: 'New account' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Nord shop app')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/admin\/accounts\/1\/connect/)
  await page.getByText('0 of 4 done').waitFor()
})

test('the first message, run from here, turns its step green with the interaction', async () => {
  await expect.poll(() => step(2).textContent()).toContain('Waiting for the first message')
  await page.getByRole('button', { name: 'Run from here' }).click()
  await isDone(2)
  await step(2).getByRole('link', { name: 'Interaction 1' }).waitFor()
  await isDone(1)
})

test('the token is masked in the address and in the samples until one asks for it', async () => {
  const { token = '' } = await api.get<{ token?: string }>('/api/openchannel/accounts/1')
  expect(token).not.toBe('')
  expect(await page.locator('main').textContent()).not.toContain(token)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect.poll(() => step(1).textContent()).toContain(token.slice(-8))
})

test('the built-in receiver gets the signed answer of an agent, and the page shows it', async () => {
  await page.getByRole('button', { name: 'Use the built-in echo receiver' }).click()
  await page.getByText('It shows here what it gets').waitFor()
  await api.send('POST', '/api/openchannel/interactions/1/accept')
  await api.send('POST', '/api/openchannel/messages', {
    body: 'Your order left today.',
    OpenchannelInteractionId: 1,
  })
  await step(4).getByText('Your order left today.').waitFor({ timeout: 40_000 })
  await expect.poll(() => step(4).textContent()).toContain('webhook-signature: v1,')
  await isDone(3)
  await isDone(4)
  await page.getByText('4 of 4 done').waitFor()
  await picture(page, 'admin-connect-light')
})

test('a Reply URL where nobody listens is explained in words', async () => {
  await page.getByLabel('Reply URL').fill('http://localhost:1/reply')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await step(4)
    .getByText(/Nobody listens there|private network/)
    .waitFor({ timeout: 40_000 })
  await page.getByRole('button', { name: 'Undo' }).click()
})

test('settings are saved by the keyboard, and a change by somebody else is merged, not lost', async () => {
  await page.goto(`${program.origin}/admin/accounts/1/settings`)
  await page.getByRole('textbox', { name: 'Description' }).fill('Mine')
  await page.getByText('1 unsaved change').waitFor()
  const theirs = { ratePerSecond: 77, description: 'Theirs' }
  await api.send('PATCH', '/api/openchannel/accounts/1', theirs)
  await page.getByText('Somebody else saved a change meanwhile.').waitFor()
  // Both wrote the description: one chooses, and may think again.
  await page.getByText('Theirs: Theirs').click()
  await page.getByText('Mine: Mine').click()
  await picture(page, 'admin-merge')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect(await api.get('/api/openchannel/accounts/1')).toMatchObject({
    description: 'Mine',
    ratePerSecond: 77,
  })
})

test('a refusal stands at the field it is about', async () => {
  await page.getByLabel('Reply URL').fill('nonsense')
  await page.keyboard.press('Control+s')
  await page.getByText('Enter a whole address such as https://api.example.com/reply.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
})

test('a queue is made in the routing, bound, and warns of members who are no agents', async () => {
  await page.goto(`${program.origin}/admin/accounts/1/routing`)
  await page.getByText('There are no steps').waitFor()
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: /^Queue/ }).click()
  const field = page.getByRole('combobox', { name: 'Queue' })
  await field.fill('Sales')
  await page.getByRole('option', { name: /Create/ }).click()
  await page.getByRole('link', { name: 'Sales' }).waitFor()
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect(await api.get('/api/openchannel/accounts/1')).toMatchObject({
    actions: [{ type: 'queue', queueId: 1 }],
  })
  await page.getByText('Nobody is in this queue').waitFor()
})

test('a user is made and signs in, but does not enter administration', async () => {
  await page.goto(`${program.origin}/admin/users/new`)
  await page.getByLabel('Full name').fill('Marta Bianchi')
  await page.getByLabel('E-mail').fill('marta@example.com')
  await page.getByText('Set a password here').click()
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Make the user' }).click()
  await page.getByText('Too short').waitFor()
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Make the user' }).click()
  await page.waitForURL(/\/admin\/users\/2/)

  const marta = await openPage(browser, program.origin)
  await signIn(marta.page, { email: 'marta@example.com', password: 'correct horse battery' })
  await marta.page.goto(`${program.origin}/admin/accounts`)
  await marta.page.getByText('Your role does not allow this').waitFor()
  await marta.page.goto(`${program.origin}/keys`)
  await marta.page.getByText('No key yet').waitFor()
  expect(marta.complaints).toEqual([])
  await marta.page.context().close()
})

test('the members of a queue are chosen side by side', async () => {
  await page.goto(`${program.origin}/admin/queues/1`)
  await page.getByRole('button', { name: 'Add Marta Bianchi' }).click()
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect(await api.get('/api/openchannel/queues/1')).toMatchObject({ agentIds: [2] })
  await page.goto(`${program.origin}/admin/accounts/1/routing`)
  await page.getByText('1 member is no agent of this account').waitFor()
  await page.getByRole('button', { name: 'Add as agents' }).click()
  await page.getByText('1 member is no agent of this account').waitFor({ state: 'hidden' })
})

test('two who change the steps of one account both keep what they did', async () => {
  const { id } = await api.send<{ id: number }>('POST', '/api/openchannel/accounts', { name: 'Two hands' })
  const saved = async () =>
    (await api.get<{ actions: { type: string }[] }>(`/api/openchannel/accounts/${id}`)).actions
  await page.goto(`${program.origin}/admin/accounts/${id}/routing`)
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: /^Close/ }).click()
  const actions = [{ type: 'noop', text: 'By somebody else' }]
  await api.send('PUT', `/api/openchannel/accounts/${id}/actions`, { actions })
  await page.getByText('Somebody else saved a change meanwhile.').waitFor()
  await picture(page, 'admin-merge-steps-light')
  // Their order: what comes after a closing step would never run.
  await page.getByText(/^Theirs: noop/).click()
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.keyboard.press('Control+s')
  await page.getByText('1 unsaved change').waitFor({ state: 'hidden' })
  expect((await saved()).map(({ type }) => type)).toEqual(['noop', 'close'])
})

test('a key is shown once, does not close by accident, and works within its scopes', async () => {
  await page.goto(`${program.origin}/admin/keys`)
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('Nord shop')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Store this key now' })
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  const key = await dialog.getByText(/^pbk_/).first().locator('xpath=..').getAttribute('title')
  await picture(page, 'admin-key-light')
  const ask = (path: string) =>
    fetch(`${program.origin}${path}`, { headers: { authorization: `Bearer ${key}` } })
  expect((await ask('/api/attachments/1')).status).toBe(404)
  expect((await ask('/api/users')).status).toBe(403)
  await dialog.getByRole('button', { name: 'I stored it' }).click()
  await dialog.waitFor({ state: 'hidden' })
})

test('a tag in use is not deleted: one reads where it is used, and puts another in its place', async () => {
  const make = (path: string, body: object) => api.send<{ id: number }>('POST', path, body)
  const old = await make('/api/tags', { name: 'Old refund' })
  const other = await make('/api/tags', { name: 'New refund' })
  const trigger = await make('/api/openchannel/triggers', {
    name: 'Money back',
    enabled: false,
    actions: [{ type: 'tag', tagIds: [old.id] }],
  })
  await page.goto(`${program.origin}/admin/tags`)
  await page.getByRole('button', { name: 'Delete Old refund' }).click()
  const dialog = page.getByRole('alertdialog')
  const remove = dialog.getByRole('button', { name: 'Delete the tag' })
  await remove.click()
  await dialog.getByRole('link', { name: 'Trigger Money back' }).waitFor()
  expect(await remove.isDisabled()).toBe(true)
  await picture(page, 'admin-in-use-light')
  await dialog.getByRole('combobox', { name: 'In its place' }).fill('New')
  await page.getByRole('option', { name: 'New refund' }).click()
  await remove.click()
  await dialog.waitFor({ state: 'hidden' })
  const after = await api.get(`/api/openchannel/triggers/${trigger.id}`)
  expect(after).toMatchObject({ actions: [{ tagIds: [other.id] }] })
  await page.getByText('Old refund').waitFor({ state: 'hidden' })
})

const routes = [
  '/admin/accounts',
  '/admin/accounts/new',
  '/admin/accounts/1/connect',
  '/admin/accounts/1/settings',
  '/admin/accounts/1/routing',
  '/admin/accounts/1/agents',
  '/admin/accounts/1/deliveries',
  '/admin/queues',
  '/admin/queues/1',
  '/admin/users',
  '/admin/users/new',
  '/admin/users/2',
  '/admin/teams',
  '/admin/keys',
  '/admin/lists',
  '/admin/lists/1',
  '/admin/intervals',
  '/admin/intervals/2',
  '/admin/dispositions',
  '/admin/tags',
  '/contacts',
  '/contacts/1',
]

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in %s, %i wide,', (colorScheme, width) => {
  beforeAll(async () => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await api.raw('POST', '/api/dispositions', { name: 'Sale' })
    await api.raw('POST', '/api/dispositions', { name: 'Won', parentId: 1 })
  })

  test.each(routes)('%s keeps to WCAG 2.2 AA and scrolls one way only', async (route) => {
    await page.goto(`${program.origin}${route}`)
    await page.getByRole('heading').first().waitFor()
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
    await picture(page, `${route.slice(1).replaceAll('/', '-')}-${colorScheme}`)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  })
})

test('nothing was asked of other hosts and nothing broke', () => {
  // The refusals that the tests provoke are the browser's only complaints.
  expect(desk.complaints.filter((text) => !/status of (400|409)/.test(text))).toEqual([])
})

// The desk in several tabs, and an answer that the customer's next message has overtaken.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterEach(async () => {
  for (const context of office.browser.contexts()) await context.close()
})
afterAll(() => office?.close())

/** Much else may run on the machine. */
const patiently = { timeout: 40_000 }
const box = (page: Page) => page.locator('textarea')
/** What stands in the thread, in its order. */
const said = (page: Page) => page.locator('.said .bubble').allInnerTexts()
const list = (page: Page) => page.getByRole('option').allInnerTexts()

test('what is accepted in one tab is no longer offered in the other, and both show the same', async () => {
  const { page } = await office.openDesk()
  const other = await office.another(page.context(), '/inbox/mine')
  await office.setPresence('available')
  const id = await office.write('+39 349 000 0001', 'Who takes me?')
  for (const one of [page, other]) await one.getByRole('article').getByText('Who takes me?').waitFor()
  await page.getByRole('button', { name: 'Accept' }).click()
  await other.getByRole('article').waitFor({ state: 'detached' })
  await page.waitForURL(`**/inbox/mine/${id}`)
  await other.getByRole('option', { name: /Who takes me/ }).click()
  for (const one of [page, other]) await one.getByRole('log').getByText('Who takes me?').waitFor()
  await box(page).fill('From the first tab')
  await box(page).press('Enter')
  await box(other).fill('From the second tab')
  await box(other).press('Enter')
  for (const one of [page, other])
    await expect
      .poll(() => said(one), patiently)
      .toEqual(['Who takes me?', 'From the first tab', 'From the second tab'])
  await expect
    .poll(async () => (await list(page)).join() === (await list(other)).join(), patiently)
    .toBe(true)
  const calls = await office.service.callsFor(id, 2)
  expect(calls.map(({ body }) => body.body)).toEqual(['From the first tab', 'From the second tab'])
  await office.setPresence('offline')
})

test('a draft that is written in one tab stands in the other, which sends it once', async () => {
  const id = await office.assigned('+39 349 000 0002', 'Two tabs?')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  await box(page).fill('Begun in the first')
  const other = await office.another(page.context(), `/inbox/mine/${id}`)
  await expect.poll(() => box(other).inputValue(), patiently).toBe('Begun in the first')
  await box(other).press('End')
  await other.keyboard.type(', sent in the second')
  await other.keyboard.press('Enter')
  await expect.poll(() => box(page).inputValue(), patiently).toBe('')
  const calls = await office.service.callsFor(id, 1)
  expect(calls.map(({ body }) => body.body)).toEqual(['Begun in the first, sent in the second'])
})

test('what waits without a server is sent once when it is back, by whichever of two tabs', async () => {
  const id = await office.assigned('+39 349 000 0003', 'Are you there?')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  const other = await office.another(page.context(), `/inbox/mine/${id}`)
  await office.program.stop()
  await page.getByText('Offline. You can keep writing.').waitFor()
  for (const text of ['Waits first', 'Waits second']) {
    await box(page).fill(text)
    await box(page).press('Enter')
  }
  const words = 'Offline. You can keep writing; 2 messages wait to be sent.'
  for (const one of [page, other]) await one.getByText(words).waitFor()
  await picture(page, 'desk-offline-waiting')
  await page.close()
  await office.restart()
  await expect.poll(() => said(other), patiently).toEqual(['Are you there?', 'Waits first', 'Waits second'])
  const calls = await office.service.callsFor(id, 2)
  expect(calls.map(({ body }) => body.body)).toEqual(['Waits first', 'Waits second'])
})

test('signing out in one tab ends the other', async () => {
  const { page } = await office.openDesk()
  const other = await office.another(page.context(), '/inbox/mine')
  await page.getByRole('button', { name: office.agent.user.fullname }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  for (const one of [page, other]) await one.waitForURL('**/signin**')
})

test('an answer that the customer has overtaken is held with what is new, and sent, taken back or dropped as the agent says', async () => {
  const from = '+39 349 000 0005'
  const id = await office.assigned(from, 'First question')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  const sheet = page.getByRole('region', { name: 'Held back' })
  const answer = async (text: string, meanwhile: string) => {
    await box(page).fill(text)
    await office.write(from, meanwhile)
    await page.getByRole('log').getByText(meanwhile).waitFor()
    await box(page).press('Enter')
    await sheet.getByText(meanwhile).waitFor()
    await expect.poll(() => box(page).inputValue()).toBe('')
  }

  await answer('Answer to the first', 'Never mind the first')
  await sheet.getByText('Not sent yet. New since you started:').waitFor()
  await picture(page, 'desk-held')
  await page.keyboard.press('Control+Enter')
  await sheet.waitFor({ state: 'detached' })
  await office.service.callsFor(id, 1)
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')

  await answer('Answer to the second', 'Never mind the second')
  await sheet.getByRole('button', { name: 'Edit' }).click()
  await expect.poll(() => box(page).inputValue()).toBe('Answer to the second')
  await box(page).press('Enter')
  await office.service.callsFor(id, 2)

  await answer('Answer to the third', 'Never mind the third')
  await sheet.getByRole('button', { name: 'Drop' }).click()
  await sheet.waitFor({ state: 'detached' })
  await box(page).fill('The last word')
  await box(page).press('Enter')
  const calls = await office.service.callsFor(id, 3)
  expect(calls.map(({ body }) => body.body)).toEqual([
    'Answer to the first',
    'Answer to the second',
    'The last word',
  ])
})

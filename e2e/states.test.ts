// States of the desk that come and go: an offer that rings, an answer that failed, one that is held back, preferences, the contact's drawer.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'

let office: Office
let tagId: number

/** One word, wider than the panel that it stands in. */
const longTag = 'Rückgabe'.repeat(10)

beforeAll(async () => {
  office = await openOffice()
  tagId = (await office.api.send<{ id: number }>('POST', '/api/tags', { name: longTag })).id
})
afterAll(() => office?.close())

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

describe.each([
  ['light', 1440, '1'],
  ['dark', 390, '2'],
] as const)('in %s, %i wide,', (colorScheme, width, digit) => {
  let page: Page
  let id: number
  let complaints: string[]

  beforeAll(async () => {
    id = await office.assigned(`+39 347 000 020${digit}`, 'Where is my parcel?')
    await office.api.send('POST', `/api/openchannel/interactions/${id}/tags`, { ids: [tagId] })
    const desk = await office.openDesk({ colorScheme, reducedMotion: 'reduce' }, `/inbox/mine/${id}`)
    page = desk.page
    await page.getByRole('log').getByText('Where is my parcel?').waitFor()
    await page.setViewportSize({ width, height: 900 })
    complaints = desk.complaints
  })

  test('an answer that failed can be understood by everyone', async () => {
    office.service.answers.push({ status: 400, body: { error: 'no such customer' } })
    await page.getByRole('textbox', { name: 'Reply' }).fill('It left today.')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Not delivered/ }).waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, `state-failed-${colorScheme}`)
  })

  test('an answer that is held back can be understood by everyone', async () => {
    await page.getByRole('textbox', { name: 'Reply' }).fill('It will be with you tomorrow.')
    await office.write(`+39 347 000 020${digit}`, 'I have it, thank you')
    await page.getByRole('log').getByText('I have it, thank you').waitFor()
    await page.getByRole('textbox', { name: 'Reply' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Send anyway' }).waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, `state-held-${colorScheme}`)
    await page.getByRole('button', { name: 'Drop', exact: true }).click()
  })

  test('what the search at the top finds can be read and opened by everyone', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).waitFor()
    await page.getByRole('menuitem').first().waitFor()
    expect(await faults(page)).toEqual([])
    await page.keyboard.type(`Customer +39 347 000 020${digit}`)
    const found = (title: string) => page.getByRole('group', { name: title }).getByRole('menuitem')
    await found('Interactions').waitFor()
    await found('Contacts').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, `state-found-${colorScheme}`)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // In which view depends on whether it waits again: its agent is not here.
    await page.waitForURL(new RegExp(`/inbox/\\w+/${id}$`))
  })

  test('preferences can be set by everyone', async () => {
    await page.getByRole('button', { name: office.agent.user.fullname }).click()
    await page.getByRole('menuitem', { name: /^Preferences/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, `state-preferences-${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('the contact in its drawer can be read by everyone', async () => {
    await page.setViewportSize({ width: Math.min(width, 1000), height: 900 })
    await page.getByRole('button', { name: 'Show the contact' }).click()
    await page.getByRole('dialog', { name: 'Contact' }).getByText('Phone').first().waitFor()
    const remove = page.getByRole('button', { name: `Remove ${longTag}` })
    await remove.waitFor()
    const { x = 0, width: breadth = 0 } = (await remove.boundingBox()) ?? {}
    expect(breadth).toBeGreaterThanOrEqual(24)
    expect(x + breadth).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0)
    expect(await faults(page)).toEqual([])
    await picture(page, `state-panel-${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('an offer that rings can be answered by everyone', async () => {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${office.program.origin}/inbox/mine`)
    await office.setPresence('available')
    await office.write(`+39 347 000 030${digit}`, 'Is anybody there?')
    await page.getByRole('article').getByText('Is anybody there?').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, `state-offer-${colorScheme}`)
    await page
      .getByRole('button', { name: /^Accept/ })
      .first()
      .click()
    await page.getByRole('textbox', { name: 'Reply' }).waitFor()
    await office.setPresence('offline')
    // The browser tells of the refusal by which the answer was held.
    expect(complaints.filter((text) => !text.includes('status of 409'))).toEqual([])
  })
})

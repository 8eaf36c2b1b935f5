// What an agent writes stays with the customer it is for: on every way from one interaction to another.
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './desk-office.ts'
import { eventually } from './service.ts'

let office: Office
/** Two that the agent has, and one that nobody has. */
let mine: number
let other: number
let waiting: number
let closed: number

beforeAll(async () => {
  office = await openOffice()
  closed = await office.assigned('+39 348 000 0004', 'Closed long ago')
  await office.api.send('POST', `/api/openchannel/interactions/${closed}/close`, {})
  waiting = await office.write('+39 348 000 0003', 'Waits')
  other = await office.assigned('+39 348 000 0002', 'The other')
  mine = await office.assigned('+39 348 000 0001', 'Mine')
})
afterEach(async () => {
  for (const context of office.browser.contexts()) await context.close()
})
afterAll(() => office?.close())

const box = (page: Page) => page.locator('textarea')
const row = (page: Page, text: string) => page.getByRole('option', { name: text })
const head = (page: Page, from: string) =>
  page
    .getByRole('heading', { level: 2, name: `Customer ${from}` })
    .first()
    .waitFor()

/** Every way from the first customer to another; each is the end of the one before. */
const ways: readonly [string, (page: Page) => Promise<unknown>, string][] = [
  ['by pressing the row', (page) => row(page, 'The other').click(), '0002'],
  ['back in the history', (page) => page.goBack(), '0001'],
  ['by the keys that work while one types', (page) => page.keyboard.press('Alt+ArrowDown'), '0002'],
  ['by the keys of the list', (page) => page.keyboard.press('Alt+ArrowUp'), '0001'],
  ['by another view', (page) => page.getByRole('link', { name: /^Waiting/ }).click(), ''],
  ['from the list of the other view', (page) => row(page, 'Waits').click(), '0003'],
  ['by its address', (page) => page.goto(`${office.program.origin}/inbox/team/${other}`), '0002'],
]

test('a draft shows in its own interaction alone, by whatever way one comes to another, and nothing of it can be undone into another', async () => {
  const { page, complaints } = await office.openDesk({}, `/inbox/mine/${mine}`)
  await head(page, '+39 348 000 0001')
  await box(page).click()
  await page.keyboard.type('For the first alone')
  for (const [way, go, from] of ways) {
    await go(page)
    if (from === '') continue
    await head(page, `+39 348 000 ${from}`)
    const shown = async () => [way, await box(page).inputValue()]
    await expect.poll(shown).toEqual([way, from === '0001' ? 'For the first alone' : ''])
    if (from === '0001') continue
    await box(page).click()
    await page.keyboard.press('Control+z')
    expect(await shown()).toEqual([way, ''])
  }
  await page.goto(`${office.program.origin}/inbox/closed/${closed}`)
  await page.getByText('This interaction is closed.').waitFor()
  expect(await page.getByRole('region', { name: 'Write' }).count()).toBe(0)
  await page.goto(`${office.program.origin}/inbox/mine/${mine}`)
  await head(page, '+39 348 000 0001')
  await expect.poll(() => box(page).inputValue()).toBe('For the first alone')
  expect(complaints).toEqual([])
})

test('on a narrow screen, too, and what is asked about one interaction is not asked about the next', async () => {
  const { page } = await office.openDesk({ viewport: { width: 390, height: 844 } }, '/inbox/mine')
  await row(page, 'Mine').click()
  await box(page).fill('For the first alone')
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('combobox', { name: 'How did it end?' }).fill('half a word')
  await page.goBack()
  await row(page, 'The other').click()
  await head(page, '+39 348 000 0002')
  await expect.poll(() => box(page).inputValue()).toBe('')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  expect(waiting).toBeGreaterThan(0)
})

test('what is typed and sent while one switches quickly reaches the customer it was written to', async () => {
  const { page } = await office.openDesk({}, `/inbox/mine/${mine}`)
  await head(page, '+39 348 000 0001')
  const both = [
    ['Customer +39 348 000 0001', mine],
    ['Customer +39 348 000 0002', other],
  ] as const
  // Answers of an attempt before this one have another mark.
  const mark = randomUUID()
  const rounds = [0, 1, 2, 3, 4, 5]
  for (const round of rounds) {
    for (const [text, id] of both) {
      await row(page, text).click()
      await page.waitForURL(`**/inbox/mine/${id}`)
      await box(page).fill(`${id}, ${mark}, round ${round}`)
      await box(page).press('Enter')
    }
  }
  for (const [, id] of both) {
    const texts = await eventually(() => {
      const calls = office.service.calls.filter(({ body }) => body.OpenchannelInteractionId === id)
      const ours = calls.map(({ body }) => body.body).filter((body) => body.includes(mark))
      return ours.length >= rounds.length ? ours : undefined
    }, `${rounds.length} answers to interaction ${id}`)
    expect(texts).toEqual(rounds.map((round) => `${id}, ${mark}, round ${round}`))
  }
})

test('what is sent before the conversation is there is sent at once, and stands in it once', async () => {
  const { page } = await office.openDesk({}, `/inbox/mine/${mine}`)
  await head(page, '+39 348 000 0001')
  const fetching = Promise.withResolvers<void>()
  await page.route(`**/api/openchannel/interactions/${other}/thread*`, async (route) => {
    await fetching.promise
    await route.continue()
  })
  await row(page, 'Customer +39 348 000 0002').click()
  await page.waitForURL(`**/inbox/mine/${other}`)
  const text = `Sent early, ${randomUUID()}`
  await box(page).fill(text)
  await box(page).press('Enter')
  await eventually(
    () => office.service.calls.find(({ body }) => body.body === text),
    'the answer, while the conversation is being fetched',
  )
  expect(await box(page).inputValue()).toBe('')
  fetching.resolve()
  const bubbles = page.locator('.bubble').filter({ hasText: text })
  await expect.poll(() => bubbles.count()).toBe(1)
  expect(office.service.calls.filter(({ body }) => body.body === text)).toHaveLength(1)
})

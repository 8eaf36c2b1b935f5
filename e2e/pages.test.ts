// Pages that need nobody signed in: they can be used by everyone, ask no other host, and complain of nothing.
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './browser.ts'
import { dataFolder, type Program, startProgram } from './program.ts'

let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program
let browser: Browser

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: folder.path, env: { ADMIN_EMAIL: '', ADMIN_PASSWORD: '' } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
  await folder?.remove()
})

const setUpLink = (): string => /\/setup\?code=\S+/.exec(program.output.stdout)?.[0] ?? '/setup'

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([
    ['sign-in', () => '/signin'],
    ['forgotten password', () => '/forgot'],
    ['a link that is used up', () => '/password#nonsense'],
    ['set-up', setUpLink],
    ['an address that is nowhere', () => '/nowhere'],
    ['the refusals with their fixes', () => '/docs/errors'],
    ['the API reference', () => '/apidoc'],
  ])('%s can be used by everyone and asks no other host', async (name, path) => {
    const { page, complaints } = await openPage(browser, program.origin, { colorScheme })
    await page.goto(`${program.origin}${path()}`, { waitUntil: 'networkidle' })
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    await picture(page, `page-${name.replaceAll(' ', '-')}-${colorScheme}`)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
    await page.context().close()
  })
})

test('the API reference opens and tries a call without a style or script that its policy forbids', async () => {
  const { page, complaints } = await openPage(browser, program.origin)
  const answer = await page.goto(`${program.origin}/apidoc`, { waitUntil: 'networkidle' })
  expect(answer?.headers()['content-security-policy']).not.toContain('unsafe')
  // What is far out of sight the page takes away, so one is done with before the next.
  const open = async (name: string) => {
    const operation = page.locator(`[id$="-${name}"]`)
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    return operation
  }
  const setup = await open('getSetup')
  await setup.locator('input').fill('x')
  await setup.getByRole('button', { name: 'Execute' }).click()
  await setup.locator('.live-responses-table').waitFor()
  await setup.getByText('Schema').first().click()
  await page.evaluate('window.scrollTo(0, 0)')
  await open('postSession')
  await page.locator('input.operation-filter-input').fill('Attachments')
  await picture(page, 'page-the-API-reference-open')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('negative control: a style in the page itself is complained about', async () => {
  const { page, complaints } = await openPage(browser, program.origin)
  await page.goto(`${program.origin}/apidoc`, { waitUntil: 'networkidle' })
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>')`)
  await expect.poll(() => complaints.join()).toContain('Content Security Policy')
  await page.context().close()
})

test('the set-up link leads to a first admin who is signed in and sees the desk', async () => {
  const { page } = await openPage(browser, program.origin)
  await page.goto(`${program.origin}${setUpLink()}`)
  await page.getByLabel(/^e-?mail/i).fill('first@example.com')
  await page.getByLabel(/^password/i).fill('a long enough passphrase')
  const name = page.getByLabel(/^(full )?name/i)
  if (await name.count()) await name.first().fill('First Admin')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/inbox/)
  await page.getByText('You are up to date').waitFor()
  await page.context().close()
})

// A user is invited by mail, chooses a password, forgets it and sets another; the mails are those that lie in DATA_DIR.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture, type Watched } from './browser.ts'
import { admin, dataFolder, type Program, startProgram } from './program.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program
let browser: Browser
let desk: Watched
let visitor: Watched

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: folder.path })
  browser = await openBrowser()
  desk = await openPage(browser, program.origin)
  visitor = await openPage(browser, program.origin)
  for (const { page } of [desk, visitor]) page.setDefaultTimeout(30_000)
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
  await folder?.remove()
})

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${program.origin}/signin`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

/** The address in the newest of so many mails. */
async function linkInMail(number: number): Promise<string> {
  const mails = join(folder.path, 'mail')
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const names = (await readdir(mails).catch(() => [])).filter((name) => name.endsWith('.eml')).sort()
    const newest = names[number - 1]
    if (newest) {
      const source = (await readFile(join(mails, newest), 'utf8')).replaceAll('=\r\n', '')
      return /https?:\S+\/password#\w{32}/.exec(source)?.[0] ?? 'no link in the mail'
    }
    await new Promise((resume) => setTimeout(resume, 50))
  }
  throw new Error(`no mail ${number} came`)
}

async function isAccessible(page: Page): Promise<void> {
  // What was announced of a pending button goes on naming it for some seconds after the button is gone.
  const axe = new AxeBuilder({ page }).withTags(tags).exclude('[data-live-announcer]')
  const { violations } = await axe.analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('an admin invites somebody, whose page says so', async () => {
  const { page } = desk
  await signIn(page, admin.email, admin.password)
  await page.waitForURL(/\/inbox/)
  await page.goto(`${program.origin}/admin/users/new`)
  await page.getByLabel('Full name').fill('Marta Bianchi')
  await page.getByLabel('E-mail').fill('marta@example.com')
  await picture(page, 'invite-new-user')
  await page.getByRole('button', { name: 'Make the user' }).click()
  await page.waitForURL(/\/admin\/users\/2/)
  await page.getByText('Invited', { exact: true }).waitFor()
  await isAccessible(page)
  await picture(page, 'invite-user')
})

test('the invited chooses a password by the link in the mail, and is signed in', async () => {
  const { page } = visitor
  const link = await linkInMail(1)
  await page.goto(link)
  await page.getByRole('heading', { name: 'Welcome to Patchbay' }).waitFor()
  expect(page.url()).not.toContain('#')
  await isAccessible(page)
  await picture(page, 'invite-choose')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.keyboard.press('Enter')
  await page.getByText('Too short').waitFor()
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/inbox/)
  await page.goto(link)
  await page.getByText('This link is used up').waitFor()
})

test('who forgot it asks for another, sets it, and every other session ends', async () => {
  const second = await openPage(browser, program.origin)
  second.page.setDefaultTimeout(30_000)
  await second.page.goto(`${program.origin}/signin`)
  await second.page.getByRole('link', { name: 'Forgot password?' }).click()
  await second.page.getByRole('heading', { name: 'Forgot password' }).waitFor()
  await second.page.getByLabel('E-mail').fill('marta@example.com')
  await picture(second.page, 'forgot')
  await second.page.keyboard.press('Enter')
  await second.page.getByText('Look into your mail').waitFor()
  await isAccessible(second.page)
  await picture(second.page, 'forgot-sent')
  await second.page.goto(await linkInMail(2))
  await second.page.getByLabel('Password', { exact: true }).fill('a new and better one')
  await second.page.keyboard.press('Enter')
  await second.page.waitForURL(/\/inbox/)
  await visitor.page.goto(`${program.origin}/inbox`)
  await visitor.page.waitForURL(/\/signin/)
  await signIn(visitor.page, 'marta@example.com', 'a new and better one')
  await visitor.page.waitForURL(/\/inbox/)
  expect(second.complaints).toEqual([])
})

test('without a mail server an admin hands the link over, seen once', async () => {
  const { page } = desk
  await page.goto(`${program.origin}/admin/users/new`)
  await page.getByLabel('Full name').fill('Luca')
  await page.getByLabel('E-mail').fill('luca@example.com')
  await page.getByRole('button', { name: 'Make the user' }).click()
  await page.waitForURL(/\/admin\/users\/3/)
  await page.getByRole('button', { name: 'Show a link instead' }).click()
  const dialog = page.getByRole('dialog', { name: 'The link for Luca' })
  const link = await dialog
    .getByText(/\/password#/)
    .first()
    .locator('xpath=..')
    .getAttribute('title')
  await isAccessible(page)
  await picture(page, 'invite-link')
  await dialog.getByRole('button', { name: 'I copied it' }).click()
  const third = await openPage(browser, program.origin)
  await third.page.goto(link ?? '')
  await third.page.getByText('Hello Luca').waitFor()
})

test('no link stands in what the program wrote to its log, and nothing broke', async () => {
  const { stdout, stderr } = program.output
  expect(stderr).toContain('the mail lies in this file')
  expect(`${stdout}${stderr}`).not.toContain('/password#')
  for (const number of [1, 2]) {
    const code = (await linkInMail(number)).split('#')[1] ?? 'no link'
    expect(`${stdout}${stderr}`).not.toContain(code)
  }
  expect(desk.complaints).toEqual([])
  expect(visitor.complaints.filter((text) => !/status of 401/.test(text))).toEqual([])
})

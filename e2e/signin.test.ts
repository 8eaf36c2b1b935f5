// A person turns on a second factor in the desk, stores the recovery codes, and signs in with password and code.
import { AxeBuilder } from '@axe-core/playwright'
import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture, type Watched } from './browser.ts'
import { admin, dataFolder, type Program, startProgram } from './program.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program
let browser: Browser
let desk: Watched
let secret = ''
let recoveryCode = ''

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: folder.path })
  browser = await openBrowser()
  desk = await openPage(browser, program.origin)
  desk.page.setDefaultTimeout(20_000)
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
  await folder?.remove()
})

async function enterPassword(page: Page): Promise<void> {
  await page.goto(`${program.origin}/signin`)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.keyboard.press('Enter')
}

/** With no desk open, which would try its socket without a cookie and complain. */
async function loseSession(page: Page): Promise<void> {
  await page.goto('about:blank')
  await page.context().clearCookies()
}

async function isAccessible(page: Page): Promise<void> {
  // What was announced of a pending button goes on naming it for some seconds after the button is gone.
  const axe = new AxeBuilder({ page }).withTags(tags).exclude('[data-live-announcer]')
  const { violations } = await axe.analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

/** The code of the step `steps` from now; each step's code works once. */
const codeOf = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

/** Waits for a moment well within a step, so that the code is still of it when it arrives. */
async function withinStep(): Promise<void> {
  const left = 30_000 - (Date.now() % 30_000)
  if (left < 8000) await new Promise((resume) => setTimeout(resume, left + 100))
}

test('a second factor is turned on by a first code, and its recovery codes are shown once', async () => {
  const { page } = desk
  await enterPassword(page)
  await page.waitForURL(/\/inbox/)
  await page.goto(`${program.origin}/security`)
  await page.getByRole('button', { name: 'Turn it on…' }).click()
  await page.getByLabel('Your password').fill(admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: 'QR code of the secret' }).waitFor()
  secret = (await page.getByRole('group', { name: 'Secret' }).locator('bdi').getAttribute('title')) ?? ''
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  await isAccessible(page)
  await picture(page, 'second-factor-set-up')
  await withinStep()
  // The sixth digit sends it.
  await page.getByLabel('Code of your authenticator').pressSequentially(codeOf(-1))
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  await expect.poll(() => codes.count()).toBe(10)
  recoveryCode = (await codes.first().textContent()) ?? ''
  await isAccessible(page)
  await picture(page, 'second-factor-recovery-codes')
  await page.getByRole('button', { name: 'I stored them' }).click()
  await page.getByText('Recovery codes left: 10.').waitFor()
  await isAccessible(page)
  await picture(page, 'security')
})

test('signing in then takes a code, which goes by itself when it is pasted', async () => {
  const { page } = desk
  await loseSession(page)
  await enterPassword(page)
  const field = page.getByLabel('Code of your authenticator')
  await field.waitFor()
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
  await field.pressSequentially('000000')
  await page.getByText('Wrong code, or one that was used before.').waitFor()
  await isAccessible(page)
  await picture(page, 'signin-code')
  await withinStep()
  await field.evaluate((input) => input.focus())
  await page.keyboard.insertText(` ${codeOf(0).slice(0, 3)} ${codeOf(0).slice(3)}`)
  await page.waitForURL(/\/inbox/)
})

test('a recovery code opens the desk without the authenticator', async () => {
  const { page } = desk
  await loseSession(page)
  await enterPassword(page)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(recoveryCode)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/inbox/)
  await page.goto(`${program.origin}/security`)
  await page.getByText('Recovery codes left: 9.').waitFor()
  expect(desk.complaints.filter((complaint) => !/401/.test(complaint))).toEqual([])
})

test('single sign-on is set up with a test that says what is wrong, and then stands on the sign-in page', async () => {
  const { page } = desk
  await page.goto(`${program.origin}/admin/signin`)
  await page.getByLabel('Issuer').fill('http://127.0.0.1:1')
  await page.getByLabel('Client id').fill('patchbay')
  await page.getByRole('button', { name: 'Test the provider' }).click()
  await page.getByText(/The provider cannot be called/).waitFor()
  await page.getByText('Show the button on the sign-in page').click()
  await isAccessible(page)
  await picture(page, 'admin-signin')
  await page.keyboard.press('Control+s')
  await page.getByText(/unsaved change/).waitFor({ state: 'hidden' })
  await loseSession(page)
  await page.goto(`${program.origin}/signin`)
  await page.getByRole('button', { name: 'Sign in with single sign-on' }).click()
  await page.getByText('Single sign-on failed. Try once more; if it stays, tell your admin.').waitFor()
  await isAccessible(page)
  await picture(page, 'signin-single-sign-on')
})

// Roles and the audit log in the browser: a right taken from an agent at work, the desk seen as somebody else, and what was written down.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'
import { admin, client } from './program.ts'
import { makeUser } from './service.ts'

const soon = { timeout: 30_000, interval: 50 }
let office: Office
let page: Page
let roleId: number

beforeAll(async () => {
  office = await openOffice()
  const made = await office.api.send<{ id: number }>('POST', '/api/roles', {
    name: 'Night shift',
    permissions: ['openchannel', 'openchannel.answer', 'contacts.read'],
  })
  roleId = made.id
  await office.api.send('PATCH', `/api/users/${office.agent.user.id}`, { roleId })
  page = (await office.openDesk({}, '/inbox/mine', { ...office.agent, ...admin })).page
})
afterAll(() => office?.close())

async function clean(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours change within a moment, and one between two has no contrast to be measured.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(300)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    await picture(page, `${name}-${colorScheme}`)
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, `${name}-narrow`)
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('a right that an admin takes in the matrix is gone from an open desk at once, and comes back', async () => {
  const id = await office.assigned('101', 'hello')
  const desk = (await office.openDesk()).page
  await desk.getByText('Customer 101').first().waitFor()
  await page.goto(`${office.program.origin}/admin/roles`)
  const box = page.getByRole('checkbox', { name: 'Night shift: Open the Open Channel module' })
  await box.waitFor()
  await clean('roles')
  await box.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  await page.keyboard.press('Control+s')
  await desk.getByText('Your role does not include Open Channel').waitFor()
  await expect.poll(() => desk.getByText('Customer 101').count()).toBe(0)
  await expect.poll(() => desk.getByRole('button', { name: 'Presence' }).count()).toBe(0)
  const { status } = await client(office.program.origin, office.agent).raw(
    'GET',
    `/api/openchannel/interactions/${id}`,
  )
  expect(status).toBe(403)
  await office.api.send('PATCH', `/api/roles/${roleId}`, {
    permissions: ['openchannel', 'openchannel.answer', 'contacts.read'],
  })
  await desk.getByText('Customer 101').first().waitFor()
  await desk.close()
})

test('an admin reads why somebody sees an account, looks at his desk, and ends that by one click', async () => {
  await page.goto(`${office.program.origin}/admin/users/${office.agent.user.id}`)
  await page.getByText('added by name').first().waitFor()
  await clean('rights')
  await page.getByRole('button', { name: 'View as' }).click()
  await page.getByText('and can change nothing').waitFor()
  await page.getByText('Customer 101').first().click()
  await page.getByText('hello').first().waitFor()
  await expect.poll(() => page.getByRole('textbox', { name: /Reply/ }).count()).toBe(0)
  await clean('view-as')
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByRole('heading', { name: 'Users' }).waitFor()
  await expect.poll(() => page.getByText('and can change nothing').count()).toBe(0)
})

test('who is disabled hands over what he has: where he is used is read first, and what became of it afterwards', async () => {
  const { user } = await makeUser(office.api)
  await office.api.send('PATCH', `/api/users/${user.id}`, { fullname: 'Gianni Gone' })
  const team = await office.api.send<{ id: number }>('POST', '/api/teams', { name: 'Night' })
  await office.api.send('PUT', `/api/teams/${team.id}/users`, { ids: [user.id] })
  const ids = [office.agent.user.id, user.id]
  await office.api.send('PUT', `/api/openchannel/accounts/${office.account.id}/agents`, { ids })
  const id = await office.write('102', 'anybody there?')
  await office.api.send('PUT', `/api/openchannel/interactions/${id}`, { UserId: user.id })

  await page.goto(`${office.program.origin}/admin/users/${user.id}`)
  await page.getByRole('button', { name: 'Disable this user' }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('1 interaction', { exact: true }).waitFor()
  await dialog.getByRole('link', { name: 'Team Night' }).waitFor()
  await dialog.getByText('To a queue').click()
  expect(await dialog.getByRole('button', { name: 'Disable', exact: true }).isDisabled()).toBe(true)
  await dialog.getByRole('combobox', { name: 'Queue' }).fill('Sal')
  await page.getByRole('option', { name: 'Sales' }).click()
  await clean('hand-over')
  // However much stands above it, what confirms is in sight on a small screen.
  await page.setViewportSize({ width: 390, height: 520 })
  const box = await dialog.getByRole('button', { name: 'Disable', exact: true }).boundingBox()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(520)
  await page.setViewportSize({ width: 1440, height: 900 })
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByText('1 interaction was handed over.').waitFor()
  await page.getByText('Disabled', { exact: true }).waitFor()
  const { UserId } = await office.api.send<{ UserId: number | null }>(
    'GET',
    `/api/openchannel/interactions/${id}`,
  )
  expect(UserId).not.toBe(user.id)
})

test('the audit log tells who changed what from what to what; its filters stand in the address', async () => {
  await page.goto(`${office.program.origin}/admin/users/${office.agent.user.id}`)
  await page.getByRole('link', { name: 'History' }).click()
  await page.getByText('Began to look as').waitFor()
  expect(new URL(page.url()).searchParams.get('object')).toBe('app_user')
  await page.goto(`${office.program.origin}/admin/audit?object=role`)
  await page.getByText('permissions').first().waitFor()
  await clean('audit')
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  expect((await saving).suggestedFilename()).toBe('audit-log.csv')
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('nothing is called so')
  await page.getByText('Nothing was found').waitFor()
  await expect.poll(() => new URL(page.url()).searchParams.get('search'), soon).toBe('nothing is called so')
})

// A whole interaction without a pointer: signed in, available, offered, accepted, answered with a file, noted, passed to a team, and closed with a disposition.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from './browser.ts'
import { type Office, openOffice } from './desk-office.ts'
import { client } from './program.ts'
import { makeUser } from './service.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office?.close())

test('signing in, being available, offer, accept, reply, file, note, transfer and close with a disposition need keys alone, the closing four at most', async () => {
  const { api, account, agent, program, service } = office
  const colleague = await makeUser(api)
  const team = await api.send<{ id: number }>('POST', '/api/teams', { name: 'Night shift' })
  await api.send('PUT', `/api/teams/${team.id}/users`, { ids: [colleague.user.id] })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, {
    ids: [agent.user.id, colleague.user.id],
  })
  const { page, complaints } = await openPage(office.browser, program.origin)
  page.setDefaultTimeout(30_000)
  const { keyboard } = page
  await page.goto(`${program.origin}/signin`)
  await page.getByRole('textbox', { name: 'E-mail' }).and(page.locator(':focus')).waitFor()
  await keyboard.type(agent.email)
  await keyboard.press('Tab')
  await keyboard.type(agent.password)
  await keyboard.press('Enter')
  await page.waitForURL('**/inbox/mine')
  await page.getByRole('heading', { name: 'My inbox' }).waitFor()
  // Asking who one is was refused until then.
  complaints.length = 0
  // From the start: told only just before the key, the browser may still open a chooser of its own.
  page.once('filechooser', (chooser) => {
    void chooser.setFiles({
      name: 'invoice.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7 an invoice'),
    })
  })
  await tabTo(page, page.getByRole('button', { name: /^Offline/ }))
  await keyboard.press('Enter')
  // It opens on what one is.
  await page.getByRole('menuitemradio').and(page.locator(':focus')).waitFor()
  await keyboard.press('Home')
  const available = page.getByRole('menuitemradio', { name: /^Available/ })
  await available.and(page.locator(':focus')).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('button', { name: /^Available/ }).waitFor()
  const id = await office.write('+39 347 000 0100', 'Where is my parcel?')

  await page.getByRole('article').getByText('Where is my parcel?').waitFor()
  await keyboard.press('Alt+a')
  await page.waitForURL(`**/inbox/mine/${id}`)
  await page.locator('textarea:focus').waitFor()
  await keyboard.type('It leaves today.')
  await keyboard.press('Tab')
  await page.getByRole('button', { name: 'Attach files' }).and(page.locator(':focus')).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove invoice.pdf' }).waitFor()
  await keyboard.press('Shift+Tab')
  await page.locator('textarea:focus').waitFor()
  await keyboard.press('Enter')
  expect(await service.callsFor(id, 2)).toHaveLength(2)

  await keyboard.press('Escape')
  await keyboard.press('n')
  await page.getByRole('textbox', { name: 'Private note' }).and(page.locator(':focus')).waitFor()
  await keyboard.type('She was kind.')
  await keyboard.press('Enter')
  await page.getByRole('log').getByText('She was kind.').waitFor()

  await keyboard.press('Escape')
  await keyboard.press('t')
  await page.getByRole('searchbox', { name: 'Find a queue' }).and(page.locator(':focus')).waitFor()
  await keyboard.press('Shift+Tab')
  await keyboard.press('ArrowLeft')
  await keyboard.press('Tab')
  await page.getByRole('searchbox', { name: 'Find a team' }).and(page.locator(':focus')).waitFor()
  await keyboard.type('night')
  await page.getByRole('button', { name: 'Transfer to Night shift' }).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  const other = await office.openDesk({}, '/inbox/mine', colleague)
  await client(program.origin, colleague).send('PUT', '/api/me/presence', {
    state: 'available',
    reason: null,
  })
  await other.page.getByRole('article').waitFor()
  await other.page.keyboard.press('Alt+a')
  await other.page.waitForURL(`**/inbox/mine/${id}`)
  await other.page.locator('textarea:focus').waitFor()
  await other.page.getByRole('log').getByText('She was kind.').waitFor()
  await other.page.keyboard.press('Escape')
  const keys = ['e', 's', 'o', 'Enter']
  await other.page.keyboard.press(keys[0] ?? '')
  await other.page.getByRole('combobox', { name: 'How did it end?' }).waitFor()
  for (const key of keys.slice(1)) await other.page.keyboard.press(key)
  await other.page.getByText('Closed: Solved').waitFor()
  expect(await api.get(`/api/openchannel/interactions/${id}`)).toMatchObject({
    closed: true,
    disposition: 'Solved',
    UserId: colleague.user.id,
  })
  expect(complaints).toEqual([])
  expect(other.complaints).toEqual([])
})

/** By the Tab key alone, as far as it takes whoever begins at the top of the page. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let times = 0; times < 40; times++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('forty times Tab did not lead there')
}

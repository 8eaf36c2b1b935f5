// A page that loses its connection, and colleagues who change what it shows: it ends with what is there, without a reload.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './desk-office.ts'
import { client } from './program.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterEach(async () => {
  for (const context of office.browser.contexts()) await context.close()
})
afterAll(() => office?.close())

const patiently = { timeout: 40_000 }
const said = (page: Page) => page.locator('.said .bubble').allInnerTexts()

/** Connections of the page that can be cut at the far end, and kept from coming back. */
async function breakable(page: Page) {
  let isDown = false
  const open = new Set<{ close(): Promise<void> }>()
  await page.routeWebSocket('**/api/socket', async (desk) => {
    if (isDown) return desk.close({ code: 1011 })
    const server = desk.connectToServer()
    const both = {
      async close() {
        open.delete(both)
        await Promise.all([desk.close({ code: 1011 }), server.close()])
      },
    }
    open.add(both)
  })
  return {
    async cut() {
      isDown = true
      await Promise.all([...open].map((one) => one.close()))
    },
    mend() {
      isDown = false
    },
  }
}

test('what came and what a colleague answered while the connection was cut is shown once and in order, without a reload', async () => {
  const from = '+39 350 000 0001'
  const id = await office.assigned(from, 'message 0')
  const { page } = await office.openDesk()
  const network = await breakable(page)
  await page.goto(`${office.program.origin}/inbox/mine/${id}`)
  await page.getByRole('log').getByText('message 0').waitFor()
  await page.evaluate('window.isSamePage = true')
  const expected = ['message 0']
  for (let cuts = 0; cuts < 3; cuts++) {
    await network.cut()
    for (let n = 0; n < 4; n++) {
      expected.push(`message ${expected.length}`)
      await office.write(from, expected.at(-1) ?? '')
      expected.push(`answer ${expected.length}`)
      await office.api.send('POST', '/api/openchannel/messages', {
        OpenchannelInteractionId: id,
        body: expected.at(-1),
      })
    }
    const late = await office.assigned(`+39 350 000 1${cuts}`, `another ${cuts}`)
    expect(late).toBeGreaterThan(id)
    network.mend()
    await expect.poll(async () => (await said(page)).at(-1), patiently).toBe(expected.at(-1))
    await page.getByRole('option', { name: `another ${cuts}` }).waitFor()
  }
  // No more of it is drawn than is seen.
  const shown = await said(page)
  expect(shown).toEqual(expected.slice(-shown.length))
  expect(shown.length).toBeGreaterThan(5)
  expect(await page.evaluate('window.isSamePage')).toBe(true)
  await expect.poll(() => page.getByRole('option').count()).toBe(4)
})

test('a colleague’s change of the contact and an admin’s new name for a queue come to an open desk', async () => {
  await office.setPresence('available')
  const id = await office.write('+39 350 000 0002', 'Who am I?')
  // Whoever takes it before it was routed takes it past the queue, whose name it then does not bear.
  const offered = () => office.api.get<{ state: string }>(`/api/openchannel/interactions/${id}`)
  await expect.poll(async () => (await offered()).state, patiently).toBe('offered')
  await client(office.program.origin, office.agent).send('POST', `/api/openchannel/interactions/${id}/accept`)
  await office.setPresence('offline')
  const { page } = await office.openDesk({}, `/inbox/mine/${id}`)
  const panel = page.getByRole('complementary', { name: 'Contact' })
  await panel.getByRole('heading', { name: 'History' }).waitFor()
  const { contact } = await office.api.get<{ contact: { id: number } }>(
    `/api/openchannel/interactions/${id}/thread`,
  )
  await office.api.send('PATCH', `/api/contacts/${contact.id}`, {
    firstName: 'Ada',
    email: 'ada@example.com',
  })
  await panel.getByText('ada@example.com').waitFor()
  await page.getByRole('option', { name: /Ada/ }).waitFor()
  await page.locator('.thread h2').getByText('Ada').waitFor()

  const { rows } = await office.api.get<{ rows: { id: number }[] }>('/api/openchannel/queues')
  await office.api.send('PATCH', `/api/openchannel/queues/${rows[0]?.id}`, { name: 'Renamed' })
  await page.getByRole('option', { name: /Ada.*Renamed/ }).waitFor()
})

// A page of Facebook is connected in the browser: registering, the login dialog, a pairing code, a message that is seen on its way to a queue and back, and the end of it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { freePort } from '@patchbay/kit/free-port.ts'
import { type Simulator, startSimulator } from '@patchbay/simulator/simulator.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture, type Watched } from './browser.ts'
import { admin, client, dataFolder, type Program, startProgram } from './program.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const [bikes, giulia] = ['101000000000001', '2010000000000003']
const person = { email: 'ada@example.org', password: 'correct horse battery' }
const patiently = { timeout: 60_000, interval: 100 }

const undo: (() => unknown)[] = []
let cloud: Program
let centre: Program
let facebook: Simulator
let browser: Browser
let watched: Watched
let page: Page

beforeAll(async () => {
  const folder = await dataFolder()
  undo.push(folder.remove)
  const port = await freePort()
  const origin = `http://localhost:${port}`
  facebook = await startSimulator({ redirectUris: [`${origin}/connect/facebook/callback`] })
  undo.push(() => facebook.close())
  cloud = await startProgram({
    dataDir: join(folder.path, 'cloud'),
    port,
    startFile: '../cloud/start.js',
    env: {
      CLOUD_PORT: String(port),
      CLOUD_PUBLIC_URL: origin,
      FACEBOOK_APP_ID: facebook.app.id,
      FACEBOOK_APP_SECRET: facebook.app.secret,
      FACEBOOK_VERIFY_TOKEN: 'verify me',
      FACEBOOK_GRAPH_URL: facebook.origin,
      FACEBOOK_DIALOG_URL: facebook.origin,
    },
  })
  undo.push(() => cloud.stop())
  centre = await startProgram({ dataDir: join(folder.path, 'centre'), env: { CLOUD_URL: origin } })
  undo.push(() => centre.stop())
  await play('world/subscription', {
    app: facebook.app.id,
    object: 'page',
    callbackUrl: `${origin}/webhook/facebook`,
    verifyToken: 'verify me',
    fields: ['messages', 'feed'],
  })
  browser = await openBrowser()
  undo.push(() => browser.close())
  watched = await openPage(browser, origin)
  page = watched.page
  page.setDefaultTimeout(60_000)
})
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

async function play(verb: string, body: object): Promise<void> {
  const answer = await fetch(`${facebook.origin}/simulator/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${verb} answered ${answer.status}: ${await answer.text()}`)
}

/** The code in the newest of so many mails. */
async function mailedCode(mail: number): Promise<string> {
  const mails = join(cloud.dataDir, 'mail')
  const read = async () => {
    const names = (await readdir(mails).catch(() => [])).filter((name) => name.endsWith('.eml')).sort()
    const newest = names[mail - 1]
    return newest && /^(\d{8})\r?$/m.exec(await readFile(join(mails, newest), 'utf8'))?.[1]
  }
  await expect.poll(read, patiently).toBeTruthy()
  return String(await read())
}

/** What the admin of the contact centre reads from the Connect tab of a new account. */
async function pairingCode(name: string, queueName: string): Promise<string> {
  const desk = client(centre.origin)
  const { id } = await desk.send<{ id: number }>('POST', '/api/openchannel/accounts', {
    name,
    replyUrl: `${cloud.origin}/api/reply`,
  })
  const queue = await desk.send<{ id: number }>('POST', '/api/openchannel/queues', { name: queueName })
  await desk.send('PUT', `/api/openchannel/accounts/${id}/actions`, {
    actions: [{ type: 'queue', queueId: queue.id, timeoutSeconds: 3600 }],
  })
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${centre.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: centre.origin, cookie },
      body: JSON.stringify(body),
    })
  const session = await post('/api/session', admin)
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const answer = await post(`/api/openchannel/accounts/${id}/pairings`, {}, cookie)
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { code: string }).code
}

/** In both themes, of which colours are all that differs, and on a narrow screen without a way to the side. */
async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // A colour on its way to another is no colour of either theme.
    await page.evaluate(
      'for (const one of document.getAnimations()) if (Number.isFinite(Number(one.effect?.getComputedTiming().endTime))) one.finish()',
    )
    // The pages hold no frame of somebody else, for which a window of its own would be opened each time.
    const axe = new AxeBuilder({ page }).setLegacyMode().exclude('[data-live-announcer]')
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(tags)
      : axe.withRules('color-contrast')
    ).analyze()
    await picture(page, `cloud-${name}-${colorScheme}`)
    expect(violations.map(({ id, nodes }) => `${name}, ${colorScheme}, ${id}: ${nodes[0]?.html}`)).toEqual([])
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, `cloud-${name}-narrow`)
  const overhang = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect([name, overhang]).toEqual([name, 0])
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor()

test('one registers with the code of a mail, which is sent by itself when it is pasted', async () => {
  await page.goto(cloud.origin)
  await page.waitForURL(/\/signin/)
  await look('sign-in')
  await page.getByRole('link', { name: 'Register' }).click()
  await heading('Register')
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await look('register')
  await page.getByRole('button', { name: 'Send me the code' }).click()
  await heading('Enter the code')
  const code = await mailedCode(1)
  await page.getByLabel('Code').fill(code === '00000000' ? '00000001' : '00000000')
  await page.getByText('Not this code').waitFor()
  await look('code')
  await page.getByLabel('Code').fill(`${code.slice(0, 4)} ${code.slice(4)}`)
  await page.getByText('Nothing is connected yet').waitFor()
  await look('home-empty')
})

test('a page is connected by way of Facebook’s dialog and a pairing code, and a message to it is seen arriving', async () => {
  await page.getByRole('link', { name: 'Connect a page' }).click()
  await heading('Log in at Facebook')
  await look('facebook')
  await page.getByRole('button', { name: 'Continue with Facebook' }).click()
  await page.waitForURL(`${facebook.origin}/**`)
  await page.getByRole('button', { name: /Anna/ }).click()
  await page.getByRole('button', { name: /Anna/ }).click()
  await heading('Which page?')
  await page.getByText('Nord Bikes').click()
  await look('page')

  // It can be left and taken up again; who is logged in is shown with a way out.
  await page.goto(`${cloud.origin}/connect`)
  await heading('You are logged in at Facebook')
  await page.getByRole('button', { name: 'Not you?' }).waitFor()
  await look('logged-in')
  await page.goto(cloud.origin)
  await page.getByText('You have begun to connect').waitFor()
  await page.getByRole('link', { name: 'Continue' }).click()

  await heading('Which contact centre?')
  await page.getByRole('radio', { name: 'Receive URL and key' }).click()
  await page.getByLabel('Receive URL').fill(`${centre.origin}/api/openchannel/accounts/1/notify?token=wrong`)
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('The API key does not work').waitFor()
  await look('address')
  await page.getByRole('radio', { name: 'Pairing code' }).click()
  await page.getByLabel('Pairing code').fill((await pairingCode('Facebook', 'Sales')).toLowerCase())
  await page.getByRole('button', { name: 'Look it up' }).click()
  await page.getByText('Is this your contact centre?').waitFor()
  await look('pairing')
  await page.getByRole('button', { name: 'Yes, continue' }).click()
  await heading('What is forwarded?')
  await look('options')
  await page.getByRole('button', { name: 'Connect the page' }).click()

  await heading('Does it work?')
  await page.getByText('Waiting for Facebook to tell us of it').waitFor()
  await look('test')
  await play('customer/write', { person: giulia, page: bikes, text: 'Is my bike ready?' })
  await page.getByText('Facebook told us of it').waitFor()
  await page.getByText(/ took it/).waitFor()
  await page.getByText('An interaction was opened').waitFor()
  await page.getByText('It waits in Sales').waitFor()
  const desk = client(centre.origin)
  const { rows } = await desk.get<{ rows: { id: number }[] }>('/api/openchannel/interactions')
  expect(rows).toHaveLength(1)
  await desk.send('POST', '/api/openchannel/messages', {
    OpenchannelInteractionId: rows[0]?.id,
    body: 'On Friday.',
  })
  await page.getByText('Facebook took the answer').waitFor()
  await look('test-green')
  expect(watched.complaints.filter((one) => !one.includes('40') && !one.includes(facebook.origin))).toEqual(
    [],
  )
})

test('an integration is checked, paused, resumed and deleted', async () => {
  await page.getByRole('link', { name: 'Done', exact: true }).click()
  await heading('Nord Bikes')
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('Everything needed is granted').waitFor()
  await look('integration')
  await page.getByRole('cell', { name: 'Answer' }).waitFor()
  await page.getByRole('button', { name: 'Message', exact: true }).click()
  await page.getByRole('dialog').getByText('It waits in Sales').waitFor()
  await look('way')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  await page.getByRole('link', { name: 'Integrations', exact: true }).click()
  await page.getByRole('cell', { name: 'Paused' }).waitFor()
  await look('home')
  await page.getByRole('link', { name: 'Nord Bikes' }).click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('link', { name: 'History' }).click()
  await heading('Audit log')
  const entry = (text: RegExp) => page.getByRole('row').filter({ hasText: text })
  await entry(/Integration changed.*You.*Connected→ Paused/).waitFor()
  await entry(/Integration made.*Nord Bikes/).waitFor()
  await look('audit')
  await page.getByRole('link', { name: 'Nord Bikes' }).first().click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Nothing is connected yet').waitFor()
})

test('of the same page its Instagram account is chosen and connected', async () => {
  await page.getByRole('link', { name: 'Connect a page' }).click()
  await page.getByRole('link', { name: 'Choose a page' }).click()
  await page.getByText('Nord Bikes').click()
  await page.getByText('Direct messages to @nordbikes').click()
  await heading('Connect an Instagram account')
  await look('instagram')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Pairing code').fill(await pairingCode('Instagram', 'Messages'))
  await page.getByRole('button', { name: 'Look it up' }).click()
  await page.getByRole('button', { name: 'Yes, continue' }).click()
  await page.getByText('Comments are not forwarded.').waitFor()
  await page.getByRole('button', { name: 'Connect the account' }).click()
  await page.getByText('@nordbikes is connected.').waitFor()
  await page.getByRole('link', { name: 'Done', exact: true }).click()
  await heading('@nordbikes')
  await page.getByText('Linked page').waitFor()
  await look('instagram-integration')
  await page.getByRole('link', { name: 'Integrations', exact: true }).click()
  await page.getByRole('row', { name: /@nordbikes.*Instagram.*Connected/ }).waitFor()
})

test('whoever forgot his password sets another by a mailed code, and changes it again later', async () => {
  await page.getByRole('button', { name: person.email }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('link', { name: /Forgot/ }).click()
  await heading('Forgot password')
  await page.getByLabel('E-mail').fill(person.email)
  await look('forgot')
  await page.getByRole('button', { name: 'Send me the code' }).click()
  await heading('Choose a new password')
  await page.getByLabel('Code').fill(await mailedCode(2))
  await page.getByLabel('New password').fill('another horse entirely')
  await look('reset')
  await page.getByRole('button', { name: 'Set the password and sign in' }).click()
  await heading('Integrations')

  await page.getByRole('button', { name: person.email }).click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await heading('Your account')
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('a wholly different sentence')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('Not your password').waitFor()
  await page.getByLabel('Current password').fill('another horse entirely')
  await look('account')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('The password is changed').waitFor()
})

test('the pages speak Italian', async () => {
  await page.goto(cloud.origin)
  await page.getByRole('button', { name: person.email }).click()
  await page.getByRole('menuitemradio', { name: 'Italiano' }).click()
  await heading('Integrazioni')
  await look('home-it')
  await page.goto(`${cloud.origin}/account`)
  await page.getByLabel('Password attuale').waitFor()
  await look('account-it')
  await page.getByRole('link', { name: 'Integrazioni', exact: true }).click()
  await page.getByRole('link', { name: 'Collega una pagina' }).click()
  await page.waitForURL(/connect/)
  await look('connect-it')
})

/** The simulator's page: one plays the customer and the page's admin, sees what crosses the wire, and changes the box. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AxeBuilder } from '@axe-core/playwright'
import { freePort } from '@patchbay/kit/free-port.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './browser.ts'
import { dataFolder, type Program, startProgram } from './program.ts'

const undo: (() => unknown)[] = []
const redirectUri = 'http://localhost:9/return'
const giulia = '2010000000000003'
const bikes = '101000000000001'
const taken: string[] = []
let simulator: Program
let browser: Browser
/** Of the page Nord Bikes. */
let token = ''
const patiently = { timeout: 40_000, interval: 50 }

beforeAll(async () => {
  const folder = await dataFolder()
  undo.push(folder.remove)
  const port = await freePort()
  simulator = await startProgram({
    dataDir: folder.path,
    port,
    startFile: '../simulator/start.js',
    env: { SIMULATOR_PORT: String(port), SIMULATOR_REDIRECT_URIS: redirectUri },
  })
  undo.push(() => simulator.stop())
  browser = await openBrowser()
  undo.push(() => browser.close())
  const { page } = await openPage(browser, simulator.origin)
  token = await connect(page)
  await page.context().close()
})
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

const control = async (verb: string, input: object) => {
  const answer = await fetch(`${simulator.origin}/simulator/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  expect(answer.status).toBe(200)
}

const graph = async (method: string, path: string, parameters: Record<string, string>) => {
  const answer = await fetch(
    `${simulator.origin}/v26.0/${path}${method === 'GET' ? `?${new URLSearchParams(parameters)}` : ''}`,
    { method, ...(method === 'POST' && { body: new URLSearchParams(parameters) }) },
  )
  return JSON.parse(await answer.text())
}

/** An app of the test's own, through the dialog in the browser; answers the token of Nord Bikes. */
async function connect(page: Page): Promise<string> {
  const hook = createServer((request, response) => {
    const challenge = new URL(request.url ?? '/', 'http://localhost').searchParams.get('hub.challenge')
    request.on('data', (chunk) => taken.push(String(chunk)))
    request.on('end', () => response.end(challenge ?? 'taken'))
  }).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  undo.push(() => hook.close())
  const { port } = hook.address() as { port: number }
  const app = { id: '910000000000001', secret: '0123456789abcdef0123456789abcdef' }
  const fields = 'messages,message_echoes,feed'
  const subscribed = await graph('POST', `${app.id}/subscriptions`, {
    access_token: `${app.id}|${app.secret}`,
    object: 'page',
    callback_url: `http://127.0.0.1:${port}/`,
    verify_token: 'x',
    fields,
  })
  expect(subscribed).toEqual({ success: true })

  let returned = ''
  await page.route('http://localhost:9/**', (route) => {
    returned = route.request().url()
    return route.fulfill({ contentType: 'text/html', body: '<title>back</title>' })
  })
  const query = new URLSearchParams({
    client_id: app.id,
    redirect_uri: redirectUri,
    state: 'x',
    scope:
      'pages_show_list,pages_manage_metadata,pages_messaging,pages_read_engagement,pages_manage_engagement',
  })
  await page.goto(`${simulator.origin}/v26.0/dialog/oauth?${query}`)
  await clean(page)
  await page.getByRole('button', { name: /Anna Berg/ }).click()
  await page.getByRole('checkbox', { name: /Harbour Books/ }).uncheck()
  await clean(page)
  await picture(page, 'simulator-dialog')
  await page.getByRole('button', { name: 'Continue as Anna' }).click()
  await page.waitForURL(/localhost:9/)
  const code = new URL(returned).searchParams.get('code') ?? ''
  const secrets = { client_id: app.id, client_secret: app.secret }
  const { access_token } = await graph('GET', 'oauth/access_token', {
    ...secrets,
    redirect_uri: redirectUri,
    code,
  })
  const { data } = await graph('GET', 'me/accounts', { access_token })
  expect(data.map(({ name }: { name: string }) => name)).toEqual(['Nord Bikes', 'Nord Coffee'])
  const pageToken: string = data[0].access_token
  await graph('POST', `${bikes}/subscribed_apps`, { access_token: pageToken, subscribed_fields: fields })
  return pageToken
}

async function clean(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  }
}

test('an app is let in by the dialog, hears the customer, answers, and the customer sees it', async () => {
  const watched = await openPage(browser, simulator.origin)
  const scene = watched.page
  await scene.goto(simulator.origin)
  await scene.getByText('This is a simulator. Nothing here reaches Facebook.').waitFor()
  await scene.getByRole('button', { name: /Giulia Ferri/ }).click()
  await scene.getByRole('textbox', { name: 'Message' }).fill('Is my bike ready?')
  await scene.keyboard.press('Enter')
  const thread = scene.getByRole('log')
  await thread.getByText('Is my bike ready?').waitFor()
  await scene.getByRole('button', { name: 'Picture' }).click()
  await thread.getByRole('img').waitFor()
  await expect
    .poll(() => taken.filter((body) => body.includes('Is my bike ready?')).length, patiently)
    .toBe(1)

  const { data } = await graph('GET', `${bikes}/conversations`, {
    access_token: token,
    fields: 'participants',
  })
  const psid = data[0].participants.data[0].id
  await graph('POST', `${bikes}/messages`, {
    access_token: token,
    recipient: JSON.stringify({ id: psid }),
    message: JSON.stringify({ text: 'Since this morning' }),
  })
  await thread.getByText('Since this morning').waitFor()
  await thread.getByText('Read', { exact: false }).first().waitFor()
  await scene.getByRole('button', { name: 'Love: Since this morning' }).click()
  await thread.getByText('❤').waitFor()

  await scene.getByRole('button', { name: /Nord Bikes/ }).click()
  await scene.getByRole('textbox', { name: 'Message' }).fill('We close at six')
  await scene.getByRole('button', { name: 'Send' }).click()
  await thread.getByText('We close at six').waitFor()
  await expect.poll(() => taken.filter((body) => body.includes('26390203743090')).length, patiently).toBe(1)
  await clean(scene)
  for (const colorScheme of ['light', 'dark'] as const) {
    await scene.emulateMedia({ colorScheme })
    await picture(scene, `simulator-${colorScheme}`)
  }
  expect(watched.complaints).toEqual([])
  await scene.context().close()
})

test('a customer on Instagram names the account in a story, and answers a story of it', async () => {
  const { page, complaints } = await openPage(browser, simulator.origin)
  await page.goto(simulator.origin)
  await page.getByRole('button', { name: /Giulia Ferri/ }).click()
  await page.getByRole('button', { name: 'Instagram' }).click()
  await page.getByRole('button', { name: 'Mention in a story' }).click()
  const thread = page.getByRole('log')
  await thread.getByRole('img').waitFor()
  await page.getByRole('button', { name: 'Answer a story' }).click()
  await page.getByText('Answering: a story of the account').waitFor()
  await page.getByRole('textbox', { name: 'Message' }).fill('What a colour')
  await page.keyboard.press('Enter')
  await thread.getByText('What a colour').waitFor()
  await expect.poll(() => thread.getByRole('img').count(), patiently).toBe(2)
  await clean(page)
  await picture(page, 'simulator-instagram')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  await picture(page, 'simulator-instagram-narrow')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the wall is played from both sides, and faults are set beside it', async () => {
  const { page, complaints } = await openPage(browser, simulator.origin)
  await page.goto(simulator.origin)
  await page.getByRole('button', { name: /Giulia Ferri/ }).click()
  await page.getByRole('button', { name: 'Wall' }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('Open on Sunday?')
  await page.getByRole('button', { name: 'Post' }).click()
  await page.getByRole('article').getByText('Open on Sunday?').waitFor()
  await page.getByRole('button', { name: /Nord Bikes/ }).click()
  await page.getByRole('button', { name: 'Comment: Open on Sunday?' }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('From ten to two')
  await page.keyboard.press('Enter')
  await page.getByRole('article').getByText('From ten to two').waitFor()
  await expect.poll(() => taken.some((body) => body.includes('From ten to two')), patiently).toBe(true)

  await page.getByRole('button', { name: 'Controls' }).click()
  await page.getByRole('checkbox', { name: 'Hold them back' }).check()
  const before = taken.length
  await control('customer/write', { person: giulia, page: bikes, text: 'held' })
  await page.getByRole('button', { name: 'On the wire' }).click()
  await page.getByText('held', { exact: true }).first().waitFor()
  expect(taken).toHaveLength(before)
  await page.getByRole('button', { name: 'Controls' }).click()
  await page.getByRole('button', { name: 'Release backwards, in one batch' }).click()
  await expect.poll(() => taken.length, patiently).toBe(before + 1)
  await clean(page)
  await picture(page, 'simulator-wall')
  await page.setViewportSize({ width: 390, height: 844 })
  await clean(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  await picture(page, 'simulator-narrow')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the page speaks Italian to who reads it', async () => {
  const { page } = await openPage(browser, simulator.origin, { locale: 'it-IT' })
  await page.goto(simulator.origin)
  await page.getByRole('button', { name: 'Bacheca' }).waitFor()
  await page.getByText('Questo è un simulatore.', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Comandi' }).click()
  await page.getByText('Ciò che Meta non documenta.').waitFor()
  await page.context().close()
})

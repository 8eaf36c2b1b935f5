// Drives the machine's Chromium, watches for anything a page should not do, and takes pictures.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { ensureChromium } from '../scripts/chromium.js'

const screens = fileURLToPath(new URL('./screens/', import.meta.url))

export async function openBrowser(): Promise<Browser> {
  const found = ensureChromium()
  if (!found.ok) throw new Error(found.sentence)
  return chromium.launch({
    executablePath: found.path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Watched {
  readonly page: Page
  /** Requests to another origin, console errors, and uncaught exceptions; empty on a good page. */
  readonly complaints: string[]
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin) complaints.push(`asked ${url.origin}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`))
  return { page, complaints }
}

export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(screens, { recursive: true })
  await page.screenshot({ path: `${screens}${name}.png` })
}

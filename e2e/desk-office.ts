// An office for the desk's tests: the real program, a service that takes answers, an account, and an agent at a browser.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser, openPage, type Watched } from './browser.ts'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  makeAccount,
  makeUser,
  type OwnAccount,
  type Person,
  type Service,
  send,
  startService,
} from './service.ts'

export interface Office {
  /** As long as it runs: a test may stop it and start another in its place. */
  program: Program
  readonly browser: Browser
  readonly service: Service
  readonly api: Client
  readonly account: OwnAccount
  /** That signs the answers. */
  readonly secret: string
  readonly agent: Person
  /** The same program again, where it was. */
  restart(): Promise<void>
  /** A signed-in page of the inbox. */
  openDesk(options?: Parameters<typeof openPage>[2], path?: string, person?: Person): Promise<Watched>
  /** One more page of the same browser. */
  another(context: BrowserContext, path: string): Promise<Page>
  /** A customer writes; answers the interaction. */
  write(from: string, body: string): Promise<number>
  /** An interaction that the agent has. */
  assigned(from: string, body: string): Promise<number>
  setPresence(state: string): Promise<unknown>
  close(): Promise<void>
}

export async function openOffice(): Promise<Office> {
  const folder = await dataFolder()
  const program = await startProgram({ dataDir: folder.path })
  const [browser, service] = await Promise.all([openBrowser(), startService()])
  const api = client(program.origin)
  const agent = await makeUser(api)
  const account = await makeAccount(api, { replyUrl: service.replyUrl, mapKey: 'phone' })
  const { secret } = await api.send<{ secret: string }>(
    'POST',
    `/api/openchannel/accounts/${account.id}/secret`,
    {},
  )
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', {
    name: 'Sales',
    agentTimeoutSeconds: 60,
  })
  const ids = [agent.user.id]
  await api.send('PUT', `/api/openchannel/queues/${queue.id}/agents`, { ids })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/actions`, {
    actions: [{ type: 'queue', queueId: queue.id }],
  })

  await api.send('POST', '/api/dispositions', { name: 'Solved' })

  const { origin } = program
  const show = async (page: Page, path: string) => {
    page.setDefaultTimeout(30_000)
    await page.goto(`${origin}${path}`)
    await page.getByRole('heading', { name: 'My inbox' }).waitFor({ state: 'attached' })
  }
  const write = async (from: string, body: string) => {
    const { interaction } = await send(account.receiveUrl, { from, firstName: `Customer ${from}`, body })
    return interaction.id
  }
  const office: Office = {
    program,
    browser,
    service,
    api,
    account,
    secret,
    agent,
    write,
    async restart() {
      const { dataDir, port } = office.program
      office.program = await startProgram({ dataDir, port })
    },
    async openDesk(options = {}, path = '/inbox/mine', { email, password } = agent) {
      const watched = await openPage(browser, origin, options)
      const signedIn = await watched.page.request.post(`${origin}/api/session`, {
        data: { email, password },
        headers: { origin },
      })
      if (!signedIn.ok()) throw new Error(`the agent could not sign in: ${await signedIn.text()}`)
      await show(watched.page, path)
      watched.complaints.length = 0
      return watched
    },
    async another(context, path) {
      const page = await context.newPage()
      await show(page, path)
      return page
    },
    async assigned(from, body) {
      const id = await write(from, body)
      await api.send('PUT', `/api/openchannel/interactions/${id}`, { UserId: agent.user.id })
      return id
    },
    setPresence: (state) => client(origin, agent).send('PUT', '/api/me/presence', { state, reason: null }),
    async close() {
      await browser.close()
      await service.stop()
      await office.program.stop()
      await folder.remove()
    },
  }
  return office
}

// Fills a fresh installation with people, accounts and interactions, over the same API that anybody uses.

export const demoPassword = 'patchbay-demo-2026'
export const people = {
  admin: { email: 'admin@patchbay.local' },
  marta: { email: 'marta@patchbay.local', name: 'marta', fullname: 'Marta Bianchi' },
  luca: { email: 'luca@patchbay.local', name: 'luca', fullname: 'Luca Dematté' },
}

/** On which one plays the customer. */
export const shopName = 'Nord shop app'
const siteName = 'Website chat'

/** What the test channel needs to know of an account that answers to it. */
export interface DemoAccount {
  name: string
  receiveUrl: string
  secret: string
  download(attachmentId: number): Promise<Response>
}

interface Row {
  id: number
  name: string
}
interface AccountRow extends Row {
  receiveUrl: string
}

export interface SeedOptions {
  origin: string
  replyUrl: string
  /** Called before anything is answered on the account, so that its first signed call can be checked. */
  onAccount: (account: DemoAccount) => void
}

/** Makes what is missing; a second start finds everything in place. */
export async function seed({ origin, replyUrl, onAccount }: SeedOptions): Promise<void> {
  const admin = caller(origin, people.admin.email)
  const tell = async (account: AccountRow): Promise<void> => {
    const path = `/api/openchannel/accounts/${account.id}`
    await admin.send('PATCH', path, { replyUrl })
    const { secret } = await admin.send<{ secret: string }>('POST', `${path}/secret`, {})
    onAccount({
      name: account.name,
      receiveUrl: account.receiveUrl,
      secret,
      download: (id) => fetch(`${origin}/api/attachments/${id}/download`, { headers: admin.headers }),
    })
  }
  const known = await admin.get<{ rows: AccountRow[] }>('/api/openchannel/accounts')
  const ours = known.rows.filter(({ name }) => name === shopName || name === siteName)
  if (ours.length > 0) for (const account of ours) await tell(account)
  else await fill(origin, admin, tell)
}

async function fill(
  origin: string,
  admin: Caller,
  tell: (account: AccountRow) => Promise<void>,
): Promise<void> {
  const agents: Row[] = []
  for (const person of [people.marta, people.luca]) {
    agents.push(await admin.send('POST', '/api/users', { ...person, password: demoPassword, role: 'agent' }))
  }
  const ids = agents.map(({ id }) => id)
  const [list] = (await admin.get<{ rows: Row[] }>('/api/lists')).rows
  const queue = await admin.send<Row>('POST', '/api/openchannel/queues', {
    name: 'Sales',
    strategy: 'rrmemory',
    agentTimeoutSeconds: 30,
  })
  await admin.send('PUT', `/api/openchannel/queues/${queue.id}/agents`, { ids })

  const account = async (name: string, settings: object): Promise<AccountRow> => {
    const made = await admin.send<AccountRow>('POST', '/api/openchannel/accounts', {
      name,
      listId: list?.id,
      ...settings,
    })
    await admin.send('PUT', `/api/openchannel/accounts/${made.id}/agents`, { ids })
    await tell(made)
    return made
  }
  const shop = await account(shopName, { mapKey: 'phone', reopenWithinMinutes: 60 })
  await admin.send('PUT', `/api/openchannel/accounts/${shop.id}/actions`, {
    actions: [{ type: 'queue', queueId: queue.id }],
  })
  const site = await account(siteName, { mapKey: 'email' })
  const order = await admin.send<Row>('POST', '/api/tags', { name: 'order-issue', color: 'accent' })
  await admin.send('POST', '/api/tags', { name: 'VIP', color: 'warn' })

  await makeDispositions(admin, null, dispositions)

  const marta = caller(origin, people.marta.email)
  for (const sample of samples) {
    const target = sample.on === 'site' ? site : shop
    const posted: { interaction: { id: number } }[] = []
    for (const body of sample.wrote) posted.push(await post(target.receiveUrl, { ...sample.who, body }))
    const id = posted[0]?.interaction.id
    if (!sample.answered || id === undefined) continue
    await marta.send('PUT', `/api/openchannel/interactions/${id}`, { UserId: ids[0] })
    for (const body of sample.answered) {
      await marta.send('POST', '/api/openchannel/messages', { OpenchannelInteractionId: id, body })
    }
    if (sample.note) {
      await marta.send('POST', '/api/openchannel/messages', {
        OpenchannelInteractionId: id,
        body: sample.note,
        secret: true,
      })
    }
    if (sample.tagged)
      await marta.send('POST', `/api/openchannel/interactions/${id}/tags`, { ids: [order.id] })
    for (const body of sample.wroteAgain ?? []) await post(target.receiveUrl, { ...sample.who, body })
    if (sample.closed) {
      await marta.send('POST', `/api/openchannel/interactions/${id}/close`, { disposition: sample.closed })
    }
  }
}

interface Tree {
  readonly [name: string]: Tree
}

async function makeDispositions(admin: Caller, parentId: number | null, tree: Tree): Promise<void> {
  for (const [name, below] of Object.entries(tree)) {
    const { id } = await admin.send<Row>('POST', '/api/dispositions', { name, parentId })
    await makeDispositions(admin, id, below)
  }
}

export type Caller = ReturnType<typeof caller>

export function caller(origin: string, email: string) {
  const headers = { authorization: `Basic ${Buffer.from(`${email}:${demoPassword}`).toString('base64')}` }
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    headers,
    get: <T>(path: string) => call<T>('GET', path),
    send: <T>(method: string, path: string, body: unknown) => call<T>(method, path, body),
  }
}

/** What any service does to hand a message in. */
export async function post<T>(receiveUrl: string, message: Record<string, unknown>): Promise<T> {
  const answer = await fetch(receiveUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  })
  const text = await answer.text()
  if (answer.status !== 200)
    throw new Error(`the Receive URL answered ${answer.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as T
}

interface Sample {
  on: 'shop' | 'site'
  who: Record<string, string>
  wrote: string[]
  answered?: string[]
  note?: string
  tagged?: boolean
  wroteAgain?: string[]
  closed?: string
}

const phone = (from: string, firstName: string, lastName: string, city: string) => ({
  from,
  mapKey: 'phone',
  firstName,
  lastName,
  city,
})
const mail = (from: string, firstName: string, lastName: string) => ({
  from,
  mapKey: 'email',
  // Would be the address otherwise, as nobody says a number.
  phone: 'none',
  firstName,
  lastName,
})

/** How interactions end. */
const dispositions: Tree = {
  Order: {
    Delivery: { 'Sent on': {}, 'Sent again': {}, 'Address changed': {} },
    Return: { 'Wrong item': {}, 'Damaged item': {}, 'Changed their mind': {} },
  },
  Payment: { Refund: { Made: {}, Refused: {} }, 'Charged twice': {} },
  Advice: { Bought: {}, 'Not now': {}, 'Not in stock': {} },
  'No answer needed': {},
}

const samples: Sample[] = [
  {
    on: 'shop',
    who: phone('+39 347 555 0142', 'Giulia', 'Ferri', 'Bologna'),
    wrote: [
      'My order 48213 still says “processing”.',
      'Can you check what is going on? It is a birthday gift.',
    ],
    answered: ['Hello Giulia, thanks for reaching out. Let me look that up for you right away.'],
    note: 'The warehouse scan is missing for this one. Luca is asking.',
    tagged: true,
    wroteAgain: ['This is what I see in the app: “waiting for the warehouse”.'],
  },
  {
    on: 'shop',
    who: phone('+34 612 555 0177', 'Tomás', 'Herrera', 'Valencia'),
    wrote: ['Still waiting on the refund from Monday.'],
    answered: ['The refund left our bank this morning; it takes one to two days to arrive.'],
    wroteAgain: ['Fine, I will look again on Thursday.'],
  },
  {
    on: 'site',
    who: mail('amelia.novak@example.com', 'Amelia', 'Novak'),
    wrote: ['Is the 42 inch model back in stock?'],
    answered: ['Yes, since this morning, in black and in grey.'],
  },
  {
    on: 'shop',
    who: phone('+49 151 555 0101', 'Hana', 'Kim', 'Köln'),
    wrote: ['Hello, the parcel arrived but one of the shoes is the wrong size. What should I do?'],
    answered: ['I have sent you a return label; the right size leaves today.'],
    wroteAgain: ['Perfect, thank you.'],
    closed: 'Order / Return / Wrong item',
  },
  {
    on: 'site',
    who: mail('yusuf.demir@example.com', 'Yusuf', 'Demir'),
    wrote: ['How do I change the delivery address?'],
  },
  {
    on: 'site',
    who: mail('chloe.laurent@example.com', 'Chloé', 'Laurent'),
    wrote: ['Could someone call me back?', 'After five would be best.'],
  },
  {
    on: 'shop',
    who: phone('+91 98555 50123', 'Ravi', 'Menon', 'Pune'),
    wrote: ['I was charged twice for the same invoice.'],
  },
]

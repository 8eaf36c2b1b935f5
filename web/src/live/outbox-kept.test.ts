// @vitest-environment jsdom
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

type Tab = typeof import('./outbox.ts')
type Answer = () => Response | Promise<Response>

let posted: { body: string; clientId: string }[]
let answers: Answer[]
let tabs: Tab[]
/** As the browser has it: in the order of asking, over all tabs. */
let locks: Map<string, Promise<unknown>>

const taken: Answer = () => Response.json({}, { status: 201 })
const cut: Answer = () => Promise.reject(new TypeError('failed'))
const never: Answer = () => new Promise(() => {})
const held: Answer = () => Response.json({ code: 'RE-103', detail: 'why' }, { status: 409 })
const item = { interactionId: 1, body: 'hello', files: [], secret: false, seenSeq: 4 }
const bodies = () => posted.map(({ body }) => body)
const shown = (tab: Tab) => tab.outbox.get().map(({ body, state }) => [body, state])

/** A tab of its own: nothing but the browser's storage, locks and channels is shared. */
async function openTab(): Promise<Tab> {
  vi.resetModules()
  const tab = await import('./outbox.ts')
  tab.openOutbox(7)
  tabs.push(tab)
  return tab
}

/** As a crash leaves it: its locks are let go, and it does nothing any more. */
function crash(tab: Tab): void {
  tab.closeOutbox()
  locks.clear()
}

/** Posted once, and waits to be posted again. */
async function failed(tab: Tab): Promise<void> {
  await vi.waitFor(() => expect([posted.length, shown(tab)]).toEqual([1, [['hello', 'waiting']]]))
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  posted = []
  answers = []
  tabs = []
  locks = new Map()
  const request = async (name: string, work: () => Promise<unknown>) => {
    const before = locks.get(name)
    const mine = (before ?? Promise.resolve()).then(work)
    locks.set(
      name,
      mine.catch(() => undefined),
    )
    return mine
  }
  vi.stubGlobal('navigator', { locks: { request } })
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    posted.push(JSON.parse(String(init.body)))
    return (answers.shift() ?? taken)()
  })
})
afterEach(() => {
  for (const tab of tabs) tab.closeOutbox()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('what waited is sent once after a reload, under the id it had', async () => {
  answers.push(cut)
  const before = await openTab()
  before.put(item)
  await failed(before)
  crash(before)
  const after = await openTab()
  await vi.waitFor(() => expect(posted).toHaveLength(2))
  await vi.waitFor(() => expect(after.outbox.get()).toEqual([]))
  expect(posted[0]?.clientId).toBe(posted[1]?.clientId)
  crash(after)
  expect((await openTab()).outbox.get()).toEqual([])
})

test('a page that is left in the moment of sending loses nothing', async () => {
  answers.push(never)
  const before = await openTab()
  before.put(item)
  crash(before)
  const after = await openTab()
  expect(shown(after).map(([body]) => body)).toEqual(['hello'])
})

test('of two tabs one posts, both show it, and both forget it', async () => {
  const [one, two] = [await openTab(), await openTab()]
  const answer = Promise.withResolvers<Response>()
  answers.push(() => answer.promise)
  one.put(item)
  await vi.waitFor(() => expect(shown(two)).toEqual([['hello', 'sending']]))
  answer.resolve(Response.json({}, { status: 201 }))
  await vi.waitFor(() => expect([...shown(one), ...shown(two)]).toEqual([]))
  expect(bodies()).toEqual(['hello'])
})

test('when the tab that posts is gone the other one posts what is left, in order', async () => {
  const [one, two] = [await openTab(), await openTab()]
  answers.push(never)
  one.put(item)
  one.put({ ...item, body: 'second' })
  await vi.waitFor(() => expect(shown(two).map(([body]) => body)).toEqual(['hello', 'second']))
  await vi.waitFor(() => expect(bodies()).toEqual(['hello']))
  crash(one)
  const three = await openTab()
  await vi.waitFor(() => expect(bodies()).toEqual(['hello', 'hello', 'second']))
  await vi.waitFor(() => expect(shown(three)).toEqual([]))
})

test('what is held is decided in whichever tab, once', async () => {
  const [one, two] = [await openTab(), await openTab()]
  answers.push(held)
  one.put(item)
  await vi.waitFor(() => expect(shown(two)).toEqual([['hello', 'held']]))
  two.sendAnyway(two.outbox.get()[0]?.clientId ?? '')
  await vi.waitFor(() => expect([...shown(one), ...shown(two)]).toEqual([]))
  expect(posted.map((one) => 'seenSeq' in one)).toEqual([true, false])
})

test('what was dropped does not come back with a reload', async () => {
  answers.push(held)
  const before = await openTab()
  before.put(item)
  await vi.waitFor(() => expect(shown(before)).toEqual([['hello', 'held']]))
  before.drop(before.outbox.get()[0]?.clientId ?? '')
  await vi.waitFor(async () => {
    const after = await openTab()
    await new Promise((resume) => setTimeout(resume, 20))
    expect(after.outbox.get()).toEqual([])
  })
})

test.each([
  ['the database', () => vi.stubGlobal('indexedDB', undefined)],
  [
    'the noting at once',
    () => {
      vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
        throw new DOMException('full', 'QuotaExceededError')
      })
    },
  ],
])('where %s is forbidden or full it survives all the same', async (_, forbid) => {
  forbid()
  answers.push(cut)
  const before = await openTab()
  before.put(item)
  await failed(before)
  crash(before)
  const after = await openTab()
  await vi.waitFor(() => expect(posted).toHaveLength(2))
  await vi.waitFor(() => expect(after.outbox.get()).toEqual([]))
})

test('where nothing can be kept it is shown and sent as long as the page is there', async () => {
  vi.stubGlobal('indexedDB', undefined)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  answers.push(cut)
  const tab = await openTab()
  tab.put(item)
  await failed(tab)
  tab.flush()
  await vi.waitFor(() => expect(tab.outbox.get()).toEqual([]))
  expect(bodies()).toEqual(['hello', 'hello'])
})

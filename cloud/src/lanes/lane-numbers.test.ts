import { expect, test } from 'vitest'
import { soon, startTraffic } from '../flows/testing.ts'

const { centre, bind, messaging, webhook, url } = await startTraffic()

/** By name with its labels, as Prometheus reads them. */
async function numbers(): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('patchbay_'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}
const number = async (name: string): Promise<number | undefined> => (await numbers()).get(`patchbay_${name}`)

test('numbers tell of webhooks by status, of events by what became of them, and of parcels by outcome', async () => {
  const { pageId } = await bind()
  const hello = { message: { mid: 'm_1', text: 'Hello' } }
  await messaging(pageId, hello)
  await messaging(pageId, hello)
  await messaging('999', { message: { mid: 'm_2', text: 'To nobody' } })
  await webhook({ object: 'page', entry: [{ id: pageId, messaging: [{ sender: { id: '1' } }] }] })
  await webhook('{}', 'sha256=00')
  await expect.poll(() => number('parcels_total{direction="in",outcome="done"}'), soon).toBe(1)
  // An answer is counted when it has left.
  const answered = 'http_answer_seconds_count{endpoint="POST /webhook/facebook",status='
  await expect.poll(() => number(`${answered}"200"}`), soon).toBe(4)
  await expect.poll(() => number(`${answered}"400"}`), soon).toBe(1)
  const all = await numbers()
  const events = ['new', 'known', 'unwanted', 'ignored'].map((outcome) =>
    all.get(`patchbay_channel_events_total{outcome="${outcome}"}`),
  )
  expect(events).toEqual([1, 1, 1, 1])
  expect(all.get('patchbay_parcel_wait_seconds_count{direction="in"}')).toBe(1)
})

test('what a contact centre is owed, for how long, and that it takes nothing, can be read', async () => {
  const { pageId } = await bind()
  centre.answer = () => ({ status: 401 })
  await messaging(pageId, { message: { mid: 'm_3', text: 'Hello' } })
  await expect.poll(() => number('parcels_total{direction="in",outcome="hold"}'), soon).toBeGreaterThan(0)
  await expect.poll(() => number('parcels_pending_in'), soon).toBe(1)
  await expect.poll(() => number('lane_ends_held'), soon).toBe(1)
  expect(await number('parcels_pending_out')).toBe(0)
  expect(await number('parcels_oldest_seconds')).toBeGreaterThan(0)
  centre.answer = () => undefined
})

/**
 * What subscribed apps are owed, and how it is delivered.
 *
 * waiting -> (2xx) delivered | (anything else) waiting for the next attempt -> dropped.
 * held: gathered while deliveries are held; waiting again, in batches, when they are released.
 * Messages that fail for an hour switch the app off for the page; changes of the wall are tried for 36 hours.
 */
import { randomUUID } from 'node:crypto'
import type { Box } from '../box.ts'
import type { Attempt, Delivery } from '../world/world.ts'
import { signatureHeaders, writeBody } from './wire.ts'

const minute = 60_000
const hour = 60 * minute
const schedules = {
  // "Immediately a few more times", then growing.
  messaging: [1_000, 2_000, 5_000, 30_000, 2 * minute, 5 * minute, 10 * minute, 15 * minute],
  feed: [1_000, 30_000, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 6 * hour],
} as const
const GIVE_UP_MS = { messaging: hour, feed: 36 * hour } as const
const KEPT = 300

/** Of one app and page in turn, as long as nothing fails. */
const chains = new WeakMap<Box, Map<string, Promise<void>>>()

export function enqueue(
  box: Box,
  appId: string,
  pageIds: string[],
  kind: Delivery['kind'],
  object: string,
  entries: unknown[],
): void {
  const now = box.clock.now()
  const delivery: Delivery = {
    id: randomUUID(),
    appId,
    pageIds,
    kind,
    object,
    entries,
    createdAt: now,
    nextAt: now,
    attempts: [],
    state: box.faults.holds ? 'held' : 'waiting',
  }
  const { deliveries } = box.world
  deliveries.push(delivery)
  if (deliveries.length > KEPT) {
    const oldest = deliveries.findIndex(({ state }) => state === 'delivered' || state === 'dropped')
    if (oldest >= 0) deliveries.splice(oldest, 1)
  }
  if (delivery.state === 'waiting') inTurn(box, delivery)
  box.changed()
}

/** After a start: what was owed when the program ended. */
export function resumeDeliveries(box: Box): void {
  for (const delivery of box.world.deliveries) if (delivery.state === 'waiting') schedule(box, delivery)
}

/** Settles when nothing is under way; what waits for its next attempt does not count. */
export async function idle(box: Box): Promise<void> {
  const mine = chains.get(box)
  while (mine && mine.size > 0) await Promise.all(mine.values())
}

export type Order = 'forward' | 'reverse'

/** Sends what was held, up to `batch` entries in one POST. */
export function release(box: Box, order: Order, batch: number): number {
  const held = box.world.deliveries.filter(({ state }) => state === 'held')
  if (order === 'reverse') held.reverse()
  box.world.deliveries = box.world.deliveries.filter(({ state }) => state !== 'held')
  const byApp = Map.groupBy(held, ({ appId, object, kind }) => `${appId} ${object} ${kind}`)
  for (const group of byApp.values()) {
    const first = group[0]
    if (!first) continue
    const owed = group.flatMap(({ entries, pageIds }) => entries.map((entry) => ({ entry, pageIds })))
    for (let at = 0; at < owed.length; at += batch) {
      const part = owed.slice(at, at + batch)
      enqueue(
        box,
        first.appId,
        [...new Set(part.flatMap(({ pageIds }) => pageIds))],
        first.kind,
        first.object,
        part.map(({ entry }) => entry),
      )
    }
  }
  return held.length
}

function inTurn(box: Box, delivery: Delivery): Promise<void> {
  const mine = chains.get(box) ?? new Map<string, Promise<void>>()
  chains.set(box, mine)
  const key = `${delivery.appId} ${delivery.pageIds.join()}`
  const turn = (mine.get(key) ?? Promise.resolve()).then(() => attempt(box, delivery))
  mine.set(key, turn)
  return turn.finally(() => mine.get(key) === turn && mine.delete(key))
}

function schedule(box: Box, delivery: Delivery): void {
  box.clock.at(delivery.nextAt, () => inTurn(box, delivery))
}

async function attempt(box: Box, delivery: Delivery): Promise<void> {
  if (delivery.state !== 'waiting') return
  const app = box.world.apps.get(delivery.appId)
  const subscription = app?.subscriptions.get(delivery.object)
  if (!app || !subscription) {
    delivery.state = 'dropped'
    box.changed()
    return
  }
  const body = writeBody(delivery.object, delivery.entries, box.faults)
  const headers = signatureHeaders(app.secret, body, box.faults.signature)
  const tries = 1 + box.faults.duplicates
  let last: Attempt | undefined
  for (let copy = 0; copy < tries; copy++) {
    last = await post(box, subscription.callbackUrl, body, headers)
    delivery.attempts.push(last)
  }
  const isTaken = last !== undefined && last.status >= 200 && last.status < 300
  noteHealth(box, delivery, isTaken, last?.at ?? box.clock.now())
  if (isTaken) delivery.state = 'delivered'
  else retryOrGiveUp(box, delivery)
  box.changed()
}

async function post(box: Box, url: string, body: string, headers: Record<string, string>): Promise<Attempt> {
  const at = box.clock.now()
  const started = performance.now()
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(box.deliveryTimeoutMs),
    })
    await answer.body?.cancel()
    return { at, ms: performance.now() - started, status: answer.status }
  } catch (error) {
    const { name, message, cause } = error as Error
    const why =
      name === 'TimeoutError' ? 'no answer in time' : ((cause as Error | undefined)?.message ?? message)
    return { at, ms: performance.now() - started, status: 0, error: why }
  }
}

function retryOrGiveUp(box: Box, delivery: Delivery): void {
  const { kind, createdAt, attempts } = delivery
  const delays = schedules[kind]
  const next = box.clock.now() + (delays[attempts.length - 1] ?? delays.at(-1) ?? minute)
  if (next - createdAt > GIVE_UP_MS[kind]) {
    // Messages wait for the hour to be full: then the app is switched off for the page, and they go with it.
    if (kind === 'feed') delivery.state = 'dropped'
    else
      box.clock.at(failingSince(box, delivery) + GIVE_UP_MS.messaging, () => disableIfFailing(box, delivery))
    return
  }
  delivery.nextAt = next
  schedule(box, delivery)
}

function noteHealth(box: Box, { appId, pageIds, kind }: Delivery, isTaken: boolean, at: number): void {
  if (kind !== 'messaging') return
  for (const pageId of pageIds) {
    const failing = box.world.pages.get(pageId)?.failingSince
    if (isTaken) failing?.delete(appId)
    else if (!failing?.has(appId)) failing?.set(appId, at)
  }
}

/** Of the page that failed last. */
function failingSince(box: Box, { appId, pageIds, createdAt }: Delivery): number {
  return Math.max(...pageIds.map((id) => box.world.pages.get(id)?.failingSince.get(appId) ?? createdAt))
}

function disableIfFailing(box: Box, delivery: Delivery): void {
  if (delivery.state !== 'waiting') return
  delivery.state = 'dropped'
  for (const pageId of delivery.pageIds) {
    const page = box.world.pages.get(pageId)
    const since = page?.failingSince.get(delivery.appId)
    if (!page || since === undefined || box.clock.now() - since < GIVE_UP_MS.messaging) continue
    page.subscribed.delete(delivery.appId)
    page.failingSince.delete(delivery.appId)
    for (const other of box.world.deliveries) {
      const isOwed = other.state === 'waiting' && other.appId === delivery.appId && other.kind === 'messaging'
      if (isOwed && other.pageIds.includes(pageId)) other.state = 'dropped'
    }
  }
  box.changed()
}

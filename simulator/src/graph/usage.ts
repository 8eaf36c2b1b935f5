/** Usage headers, and callers who are throttled on demand. */
import type { Box } from '../box.ts'
import { throttled } from './errors.ts'
import type { Caller } from './tokens.ts'

interface Count {
  calls: number
  since: number
}

const windowMs = 3_600_000
/** As if few people used the app and the page: low enough to be seen in the headers. */
const CALLS_PER_WINDOW = 4_800
const counts = new WeakMap<Box, Map<string, Count>>()

/** Counts the call, answers the headers; throws where the page or app is throttled. */
export function countCall(box: Box, caller: Caller, headers: Record<string, string>): void {
  const { app, page } = caller
  const id = page?.id ?? app.id
  const percent = share(box, id)
  const limit = box.faults.limited.get(id)
  const leftMs = limit ? limit.until - box.clock.now() : 0
  const calls = leftMs > 0 ? 100 : percent
  const usage = { call_count: calls, total_time: calls, total_cputime: calls }
  if (page) {
    const use = {
      type: limit && limit.code === 80006 ? 'messenger' : 'pages',
      ...usage,
      estimated_time_to_regain_access: leftMs > 0 ? Math.ceil(leftMs / 60_000) : 0,
    }
    headers['x-business-use-case-usage'] = JSON.stringify({ [page.id]: [use] })
  } else headers['x-app-usage'] = JSON.stringify(usage)
  if (limit && leftMs > 0) throw throttled(limit.code)
}

function share(box: Box, id: string): number {
  const mine = counts.get(box) ?? new Map<string, Count>()
  counts.set(box, mine)
  const now = box.clock.now()
  const count = mine.get(id)
  const current = count && now - count.since < windowMs ? count : { calls: 0, since: now }
  current.calls += 1
  mine.set(id, current)
  return Math.min(100, Math.ceil((current.calls / CALLS_PER_WINDOW) * 100))
}

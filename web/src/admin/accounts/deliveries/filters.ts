/** How the delivery log is narrowed: read from the address, so that it can be sent, kept and gone back to. */
import type { LogState } from '@patchbay/protocol/api/log.ts'
import type { Call } from '../../../api/api.ts'

type LogQuery = NonNullable<Call<'GET /api/openchannel/accounts/:id/log'>['query']>

/** What a person asks for, and the states that are it. */
const states = {
  failed: ['failed', 'dead', 'refused'],
  pending: ['pending'],
  done: ['delivered', 'accepted', 'duplicate'],
} satisfies Record<string, readonly LogState[]>
export type StateFilter = keyof typeof states

/** Rolling spans back from now, in milliseconds. */
const spans = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 }
export type Since = keyof typeof spans

export interface LogFilters {
  state?: StateFilter
  direction?: 'in' | 'out'
  event?: string
  interaction?: number
  text?: string
  since?: Since
  /** Instants; instead of `since`. */
  from?: string
  to?: string
}

/** Whatever stands in the address becomes usable filters. */
export function readFilters(search: Record<string, unknown>): LogFilters {
  const text = (name: string): string | undefined => {
    const value = search[name]
    return typeof value === 'string' && value.trim() ? value.trim() : undefined
  }
  const { state, direction, since } = search
  const pairs = {
    state: isKey(states, state) ? state : undefined,
    direction: direction === 'in' || direction === 'out' ? direction : undefined,
    event: text('event')?.slice(0, 40),
    interaction: positive(search.interaction),
    text: text('text')?.slice(0, 200),
    since: isKey(spans, since) ? since : undefined,
    from: instant(search.from),
    to: instant(search.to),
  }
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined))
}

export function logQuery(filters: LogFilters, now: number): LogQuery {
  const { state, direction, event, interaction, text, since, from, to } = filters
  const earliest = since ? new Date(now - spans[since]).toISOString() : from
  return {
    ...(state ? { state: [...states[state]] } : {}),
    ...(direction ? { direction } : {}),
    ...(event ? { event } : {}),
    ...(interaction ? { interactionId: interaction } : {}),
    ...(text ? { text } : {}),
    ...(earliest ? { from: earliest } : {}),
    ...(to ? { to } : {}),
  }
}

/** Those that stand in the form; state, direction and text have their own places. */
export const formFilters = ['event', 'interaction', 'since', 'from', 'to'] as const

export function without(filters: LogFilters, ...names: readonly (keyof LogFilters)[]): LogFilters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => !names.some((one) => one === name)))
}

function positive(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

function instant(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

function isKey<T extends object>(of: T, value: unknown): value is keyof T {
  return typeof value === 'string' && Object.hasOwn(of, value)
}

// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { LogRow } from '@patchbay/protocol/api/log.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { diagnosisWords } from '../connect/diagnosis.ts'
import { Health } from '../Health.tsx'
import { Entry } from './EntryDrawer.tsx'
import { LogTable } from './LogTable.tsx'
import { logAttempt, logEntry, logRow } from './rows-testing.ts'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const show = (element: React.ReactElement) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider i18n={i18n}>{element}</I18nProvider>
    </QueryClientProvider>,
  )
const words = () => document.body.textContent ?? ''

test.each<[Partial<LogRow>, string]>([
  [{ state: 'delivered', status: 200 }, 'Delivered 200'],
  [{ state: 'pending', status: 502, attempt: 3 }, 'Retrying 502'],
  [{ state: 'pending', status: null, attempt: 0 }, 'Queued'],
  [{ state: 'dead', status: 503 }, 'Given up 503'],
  [{ state: 'failed', status: 400 }, 'Not delivered 400'],
  [{ state: 'refused', status: 401, direction: 'in' }, 'Refused 401'],
  [{ state: 'duplicate', status: 200, direction: 'in' }, 'Known already 200'],
])('a row of the log says how it stands in words: %o is %s', (change, expected) => {
  show(<LogTable rows={[logRow(change)]} hrefOf={() => '#'} empty={null} />)
  expect(words()).toContain(expected)
})

test('a row says which of how many attempts it is, except for what came in', () => {
  const rows = [logRow({ id: 'a', attempt: 3 }), logRow({ id: 'b', direction: 'in', attempts: 1 })]
  show(<LogTable rows={rows} hrefOf={({ id }) => `#${id}`} empty={null} />)
  expect(words()).toContain('3 of 30')
  expect(words()).not.toContain('1 of 1')
  expect(screen.getAllByRole('link')[0]?.getAttribute('href')).toBe('#a')
})

describe('an entry', () => {
  const failing = logEntry({
    row: logRow({ state: 'pending', status: 502, attempt: 2, nextAt: '2026-11-20T12:45:00.000Z' }),
    attempts: [
      logAttempt({ attempt: 1, status: null, error: 'It did not answer', response: nothing() }),
      logAttempt({ attempt: 2, status: 502, error: 'answered 502' }),
    ],
    diagnosis: { diagnosis: 'server-error', detail: '' },
  })

  test('that is tried again shows every attempt, the newest open, and when the next one is due', () => {
    show(<Entry entry={failing} />)
    expect(words()).toContain('Your service failed, or a proxy could not reach it.')
    expect(words()).toContain('Tried 2 of 30 times')
    const line = screen.getByRole('list', { name: 'Attempts' })
    const items = within(line).getAllByRole('listitem')
    expect(items.map((item) => item.textContent)).toEqual([
      expect.stringContaining('(attempt 3)'),
      expect.stringContaining('Attempt 2'),
      expect.stringContaining('No answer'),
    ])
    expect(screen.getByRole('button', { name: /^Attempt 2/ }).getAttribute('aria-pressed')).toBe('true')
    // What comes by itself cannot be sent twice.
    expect(screen.queryByRole('button', { name: 'Replay' })).toBeNull()
  })

  test('shows the attempt that is chosen, also that nobody answered it', () => {
    show(<Entry entry={failing} />)
    fireEvent.click(screen.getByRole('button', { name: /^Attempt 1/ }))
    fireEvent.click(screen.getByRole('tab', { name: 'Response' }))
    expect(words()).toContain('There was no answer.')
  })

  test('shows headers, readable JSON and the time of every step', () => {
    show(<Entry entry={logEntry()} />)
    expect(words()).toContain('"body": "Hello"')
    expect(words()).toContain('webhook-signature')
    expect(words()).toContain('TLS 10 ms')
    expect(words()).toContain('Total 38 ms')
  })

  test('whose bodies were not kept says so', () => {
    const request = { headers: {}, body: null, sizeBytes: 24 }
    show(<Entry entry={logEntry({ attempts: [logAttempt({ request })] })} />)
    expect(words()).toContain('The body is not kept.')
  })

  test('that came in and was refused says why in words, and where to read more', () => {
    const row = logRow({ direction: 'in', event: 'message', state: 'refused', status: 400, code: 'OC-104' })
    show(<Entry entry={logEntry({ row, diagnosis: { diagnosis: 'OC-104', detail: '' } })} />)
    expect(words()).toContain('mapKey names no field of a contact.')
    expect(screen.getByRole('link', { name: /OC-104/ }).getAttribute('href')).toBe('/docs/errors#OC-104')
  })

  test('that failed is replayed as the delivery it belongs to', async () => {
    const fetch = vi.fn(async (..._: Parameters<typeof globalThis.fetch>) => Response.json({}))
    vi.stubGlobal('fetch', fetch)
    show(<Entry entry={logEntry({ row: logRow({ state: 'failed', status: 400 }) })} />)
    fireEvent.click(screen.getByRole('button', { name: 'Replay' }))
    await vi.waitFor(() => expect(fetch.mock.calls[0]?.[0]).toBe('/api/openchannel/deliveries/7/replay'))
  })
})

function nothing() {
  return { headers: {}, body: null, sizeBytes: null }
}

describe('the health of an account', () => {
  const account = { id: 4, firstMessageAt: '2026-11-20T12:00:00.000Z', canReply: true }
  const health = {
    successPercent: 99.2,
    p95Ms: 210,
    pending: 0,
    dead: 0,
    lastFailure: null,
    breaker: { state: 'closed' as const, since: null, probeAt: null },
    alarm: null,
  }

  test.each([
    ['ok', 'OK · 99.2% · p95 210 ms'],
    ['degraded', 'Degraded · 99.2% · p95 210 ms'],
    ['failing', 'Failing · 99.2% · p95 210 ms'],
  ] as const)('%s is said in a word with its figures, and leads to what failed', (state, expected) => {
    show(<Health account={account} health={{ ...health, state }} />)
    const link = screen.getByRole('link')
    expect(link.textContent).toBe(expected)
    expect(link.getAttribute('href')).toBe('/admin/accounts/4/deliveries?state=failed')
  })

  test('without a Reply URL says that it cannot answer', () => {
    show(<Health account={{ ...account, canReply: false }} health={{ ...health, state: 'unconfigured' }} />)
    expect(words()).toBe('Cannot answer: no Reply URL')
  })
})

test('every diagnosis that the server knows has words', () => {
  // As flows and views of the server name them; another one falls back to “The call failed”.
  const codes =
    'ok no-reply-url blocked-address dns refused timeout tls redirect auth not-found client-error server-error bad-url reset protocol no-answer not-sent'
  for (const code of codes.split(' ')) expect(diagnosisWords[code], code).toBeDefined()
})

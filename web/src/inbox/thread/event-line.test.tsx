// @vitest-environment jsdom
// What the thread says of whom an interaction came to.
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { cleanup, render } from '@testing-library/react'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { EventLines } from './EventLine.tsx'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(cleanup)

function wordsOf(data?: ThreadItem['data']): string {
  const user = { id: 1, fullname: 'Ada Admin' }
  const item = { seq: 2, type: 'assigned', at: '2026-11-22T09:00:00Z', user, data } as ThreadItem
  const { container } = render(
    <I18nProvider i18n={i18n}>
      <EventLines items={[item]} />
    </I18nProvider>,
  )
  return container.querySelector('.event > span')?.textContent ?? ''
}

test('who takes an interaction took over; whoever gives it to somebody else passed it to him', () => {
  expect(wordsOf()).toBe('Ada Admin took over')
  expect(wordsOf({ agent: 'Marta Bianchi' })).toBe('Ada Admin passed it to Marta Bianchi')
})

// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { FacebookPage } from '@patchbay/protocol/api/cloud-integrations.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { type ReactElement, useState } from 'react'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ApiError } from '../api/api.ts'
import { addProblems } from '../api/useProblem.ts'
import { Fault } from './common/Fault.tsx'
import { PagePicker } from './connect/PagePicker.tsx'
import { Stepper } from './connect/Stepper.tsx'
import { VerifyForm } from './people/VerifyForm.tsx'
import { problems } from './problems.ts'

beforeAll(() => {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
  addProblems(problems)
})
afterEach(cleanup)

const show = (element: ReactElement) =>
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient()}>{element}</QueryClientProvider>
    </I18nProvider>,
  )

const asked = { email: 'ada@example.org', at: Date.now() }
const codeField = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Code' })

test('a code that is pasted with spaces is sent at once, and once', async () => {
  const verify = vi.fn(async () => {})
  show(<VerifyForm asked={asked} verify={verify} onBack={() => {}} again={undefined} />)
  fireEvent.change(codeField(), { target: { value: ' 1234 5678 ' } })
  await waitFor(() => expect(verify).toHaveBeenCalledOnce())
  expect(verify).toHaveBeenCalledWith('12345678')
})

test('seven digits are waited for', () => {
  const verify = vi.fn(async () => {})
  show(<VerifyForm asked={asked} verify={verify} onBack={() => {}} again={undefined} />)
  fireEvent.change(codeField(), { target: { value: '1234567' } })
  fireEvent.submit(codeField())
  expect(codeField().value).toBe('1234567')
  expect(verify).not.toHaveBeenCalled()
})

test('a wrong code is said, and the field is empty for the next', async () => {
  const verify = vi.fn(() => Promise.reject(new ApiError(401, { code: 'CL-102' })))
  show(<VerifyForm asked={asked} verify={verify} onBack={() => {}} again={undefined} />)
  fireEvent.change(codeField(), { target: { value: '12345678' } })
  await screen.findByText(/Not this code/)
  expect(codeField().value).toBe('')
  fireEvent.change(codeField(), { target: { value: '87654321' } })
  await waitFor(() => expect(verify).toHaveBeenLastCalledWith('87654321'))
})

test('another code can be sent after a minute, not before', () => {
  const again = { send: vi.fn(), isPending: false, error: null }
  const form = (at: number) => (
    <VerifyForm asked={{ ...asked, at }} verify={async () => {}} onBack={() => {}} again={again} />
  )
  show(form(Date.now()))
  expect(screen.queryByRole('button', { name: 'Send another code' })).toBeNull()
  cleanup()
  show(form(Date.now() - 61_000))
  fireEvent.click(screen.getByRole('button', { name: 'Send another code' }))
  expect(again.send).toHaveBeenCalledOnce()
})

test('the steps behind are links, those ahead are not, and one is said to be the present one', () => {
  show(<Stepper current="target" isOpen={(step) => step === 'facebook' || step === 'page'} />)
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    '/connect?step=facebook',
    '/connect?step=page',
  ])
  const present = document.querySelectorAll('[aria-current="step"]')
  expect([...present].map(({ textContent }) => textContent)).toEqual(['3Contact centre'])
})

const page = (id: string, name: string, more: Partial<FacebookPage> = {}): FacebookPage => ({
  id,
  name,
  category: 'Bookstore',
  tasks: ['MANAGE'],
  isAdmin: true,
  usable: true,
  reason: null,
  canMessenger: true,
  canWall: true,
  connected: null,
  instagram: { account: null, usable: false, reason: null, connected: null },
  ...more,
})

function Picking({ pages, onSelect }: { pages: FacebookPage[]; onSelect: (id: string) => void }) {
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <PagePicker
      pages={pages}
      selected={selected}
      onSelect={({ id }) => {
        setSelected(id)
        onSelect(id)
      }}
    />
  )
}

test('a page that cannot be connected stands last, cannot be chosen, and says why', () => {
  const select = vi.fn()
  const reason = 'You may not answer messages on this page.'
  show(
    <Picking
      pages={[
        page('1', 'Atlas', {
          usable: false,
          reason: { sentences: [{ code: 'words', values: { text: reason } }], words: reason },
        }),
        page('2', 'Nord Bikes'),
      ]}
      onSelect={select}
    />,
  )
  const choices = screen.getAllByRole<HTMLInputElement>('radio')
  expect(choices.map(({ disabled }) => disabled)).toEqual([false, true])
  expect(document.body.textContent).toContain(reason)
  fireEvent.click(screen.getByText('Atlas'))
  expect(select).not.toHaveBeenCalled()
  fireEvent.click(screen.getByText('Nord Bikes'))
  expect(select).toHaveBeenCalledWith('2')
})

test('a page that is connected already says that it will be replaced', () => {
  const connected = { by: 'somebody' as const, integrationId: null, warning: '' }
  show(<Picking pages={[page('2', 'Nord Bikes', { connected })]} onSelect={() => {}} />)
  expect(document.body.textContent).toContain('already connected: will be replaced')
})

test('many pages are searched, few are not', () => {
  const many = [...Array(30).keys()].map((at) => page(String(at + 1), `Shop number ${at + 1}`))
  show(<Picking pages={many} onSelect={() => {}} />)
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'number 17' } })
  expect(screen.getAllByRole('radio')).toHaveLength(1)
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nowhere' } })
  expect(screen.getByRole('status').textContent).toBe('No page is called so.')
  cleanup()
  show(<Picking pages={many.slice(0, 3)} onSelect={() => {}} />)
  expect(screen.queryByRole('searchbox')).toBeNull()
})

test('what a refusal says of this one case is read in the language of the viewer', () => {
  const sentences = [{ code: 'address-no-account', values: { host: 'desk.example' } }]
  const error = new ApiError(409, { code: 'CL-107', detail: 'In English.', sentences })
  const { unmount } = show(<Fault error={error} />)
  expect(document.body.textContent).toContain('desk.example has no such account')
  unmount()
  i18n.loadAndActivate({ locale: 'it', messages: {} })
  show(<Fault error={error} />)
  expect(document.body.textContent).toContain('desk.example non ha questo account')
  i18n.loadAndActivate({ locale: 'en', messages: {} })
})

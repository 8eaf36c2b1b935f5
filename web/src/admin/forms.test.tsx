// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import type { User } from '@patchbay/protocol/api/people.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Button } from '../ui/Button.tsx'
import { MemberPicker } from './common/MemberPicker.tsx'
import { NameDialog } from './common/NameDialog.tsx'
import { DeleteDisposition } from './dispositions/DeleteDisposition.tsx'
import { Disable } from './people/Disable.tsx'

vi.mock('@tanstack/react-router', () => ({ useNavigate: () => () => {} }))

/** Answers every call: a mistake of the server, until told otherwise. */
let answer: () => Response

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
beforeEach(() => {
  answer = () => Response.json({ code: 'GE-110', detail: 'A mistake' }, { status: 500 })
  vi.stubGlobal('fetch', async () => answer())
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const show = (element: ReactElement) =>
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        {element}
      </QueryClientProvider>
    </I18nProvider>,
  )

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

test('a form in a dialog that is sent twice goes once, and its button says that it is under way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const save = vi.fn(() => promise)
  show(<NameDialog verb="New queue" onSave={save} />)
  press('New queue')
  const field = await screen.findByRole('textbox', { name: 'Name' })
  fireEvent.change(field, { target: { value: 'Sales' } })
  const form = field.closest('form') as HTMLFormElement
  fireEvent.submit(form)
  fireEvent.submit(form)
  const button = screen.getByRole('button', { name: /Make it/ })
  await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('true'))
  fireEvent.submit(form)
  expect(save).toHaveBeenCalledOnce()
  resolve()
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(save).toHaveBeenCalledOnce()
})

test('a form that was refused can be sent again', async () => {
  const save = vi.fn(() => Promise.reject(new Error('refused')))
  show(<NameDialog verb="New queue" onSave={save} />)
  press('New queue')
  const field = await screen.findByRole('textbox', { name: 'Name' })
  fireEvent.change(field, { target: { value: 'Sales' } })
  fireEvent.submit(field.closest('form') as HTMLFormElement)
  await screen.findByText(/A mistake on our side/)
  fireEvent.submit(field.closest('form') as HTMLFormElement)
  await waitFor(() => expect(save).toHaveBeenCalledTimes(2))
})

test('what uses a disposition is not said to be nothing while that could not be asked', async () => {
  const row = { id: 1, name: 'Won', path: 'Won', level: 1, parentId: null } as Disposition
  show(<DeleteDisposition row={row} rows={[row]} onDone={() => {}} />)
  await screen.findByText(/A mistake on our side/)
  expect(screen.queryByText(/No interaction was closed/)).toBeNull()
  answer = () => Response.json({ interactions: 2, below: 0 })
  press('Try again')
  await screen.findByText('2 interactions were closed with it, and keep their words.')
})

test('nobody is disabled before it is known what he has', async () => {
  const user = { id: 4, fullname: 'Marta Bianchi' } as User
  show(
    <Disable user={user} title="Disable Marta?" confirm="Disable her" trigger={<Button>Disable…</Button>} />,
  )
  press('Disable…')
  await screen.findByText(/A mistake on our side/)
  const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Disable her' })
  expect(confirm.disabled).toBe(true)
  answer = () => Response.json({ rows: [] })
  press('Try again')
  await waitFor(() => expect(confirm.disabled).toBe(false))
})

test('people who could not be fetched are asked for again, not said to be none', async () => {
  const none = { agentIds: [], teamIds: [] }
  show(<MemberPicker value={none} onChange={() => {}} title="Members" empty="Nobody" />)
  await screen.findByText(/A mistake on our side/)
  answer = () => Response.json({ count: 0, rows: [], cursor: null })
  press('Try again')
  // One at a time: the users have come, the teams have not.
  await waitFor(() => {
    const again = screen.queryByRole('button', { name: 'Try again' })
    if (again) fireEvent.click(again)
    expect(screen.getByText('Nobody else.')).toBeTruthy()
  })
})

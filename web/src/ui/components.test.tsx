// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Button } from './Button.tsx'
import { Confirm } from './Confirm.tsx'
import { CopyField } from './CopyField.tsx'
import { DataTable } from './DataTable.tsx'
import { Menu } from './Menu.tsx'
import { SaveBar } from './SaveBar.tsx'
import { PasswordField, TextField } from './TextField.tsx'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(cleanup)

const show = (element: ReactElement) => render(<I18nProvider i18n={i18n}>{element}</I18nProvider>)

test('a secret is not on the page until it is asked for', () => {
  show(<CopyField label="Token" value="octk_secret" masked="octk_••••" />)
  expect(document.body.innerHTML).not.toContain('octk_secret')
  fireEvent.click(screen.getByRole('button', { name: 'Show' }))
  expect(document.body.textContent).toContain('octk_secret')
})

test('the save bar is there only while something is changed, and saves by keyboard', () => {
  const save = vi.fn()
  const { rerender } = show(<SaveBar changes={[]} onSave={save} onUndo={() => {}} />)
  expect(screen.queryByRole('button')).toBeNull()
  fireEvent.keyDown(window, { key: 's', ctrlKey: true })
  expect(save).not.toHaveBeenCalled()
  rerender(
    <I18nProvider i18n={i18n}>
      <SaveBar changes={['Name', 'Reply URL']} onSave={save} onUndo={() => {}} />
    </I18nProvider>,
  )
  expect(document.body.textContent).toContain('2 unsaved changes · Name, Reply URL')
  fireEvent.keyDown(window, { key: 's', metaKey: true })
  expect(save).toHaveBeenCalledOnce()
})

const rows = [
  { id: 1, name: 'Sales' },
  { id: 2, name: 'Billing' },
]

test('a table says how it is sorted and turns the order round', () => {
  const sort = vi.fn()
  show(
    <DataTable
      label="Queues"
      rows={rows}
      rowId={({ id }) => id}
      columns={[{ id: 'name', title: 'Name', cell: ({ name }) => name, isSortable: true }]}
      sort={{ column: 'name', direction: 'ascending' }}
      onSort={sort}
    />,
  )
  expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending')
  fireEvent.click(screen.getByRole('button', { name: 'Name' }))
  expect(sort).toHaveBeenCalledWith({ column: 'name', direction: 'descending' })
})

test('selecting all keeps what was selected on other pages', () => {
  const select = vi.fn()
  show(
    <DataTable
      label="Queues"
      rows={rows}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      columns={[{ id: 'name', title: 'Name', cell: ({ name }) => name }]}
      selected={new Set([9])}
      onSelect={select}
    />,
  )
  fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }))
  expect(select).toHaveBeenCalledWith(new Set([9, 1, 2]))
  fireEvent.click(screen.getByRole('checkbox', { name: 'Select Billing' }))
  expect(select).toHaveBeenLastCalledWith(new Set([9, 2]))
})

test('an error is read with its field', () => {
  show(<TextField label="Reply URL" error="Start with https://" />)
  const field = screen.getByRole('textbox', { name: 'Reply URL' })
  expect(field.getAttribute('aria-invalid')).toBe('true')
  const described = (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
  expect(described).toContain('Start with https://')
})

test('a password can be looked at', () => {
  show(<PasswordField label="Password" defaultValue="correct horse" />)
  const field = screen.getByLabelText<HTMLInputElement>('Password')
  expect(field.type).toBe('password')
  fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
  expect(field.type).toBe('text')
})

test('a menu opens from its button and runs the action', async () => {
  const run = vi.fn()
  show(
    <Menu
      label="More"
      trigger={<Button>More</Button>}
      items={[{ id: 'tag', label: 'Tag…', onAction: run }]}
    />,
  )
  expect(screen.getByRole('button').getAttribute('aria-haspopup')).toBe('menu')
  fireEvent.click(screen.getByRole('button', { name: 'More' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Tag…' }))
  expect(run).toHaveBeenCalledOnce()
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
})

test('what is destroyed must be named first, and a failure keeps the question open', async () => {
  const destroy = vi.fn().mockRejectedValueOnce(new Error('in use')).mockResolvedValueOnce(null)
  show(
    <Confirm
      title="Delete Sales?"
      confirm="Delete"
      typeToConfirm="Sales"
      onConfirm={destroy}
      trigger={<Button>Ask</Button>}
    >
      3 accounts use it.
    </Confirm>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }))
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Delete' })
  expect(button.disabled).toBe(true)
  fireEvent.change(await screen.findByRole('textbox'), { target: { value: 'Sales' } })
  await waitFor(() => expect(button.disabled).toBe(false))
  fireEvent.click(button)
  await waitFor(() => expect(destroy).toHaveBeenCalledOnce())
  await waitFor(() => expect(screen.getByRole('alertdialog')).toBeTruthy())
  fireEvent.click(screen.getByRole('button', { name: 'Delete' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
})

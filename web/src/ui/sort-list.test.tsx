// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { SortList } from './SortList.tsx'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})
beforeEach(() => {
  // No page is laid out here: each card is 100 high, one below the other.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    const at = [...(this.parentElement?.children ?? [])].indexOf(this)
    return new DOMRect(0, at * 100, 300, 100)
  })
  HTMLElement.prototype.setPointerCapture = () => {}
})

function Cards() {
  const [items, setItems] = useState(['one', 'two', 'three'])
  return (
    <I18nProvider i18n={i18n}>
      <SortList
        items={items}
        keyOf={(item) => item}
        drag={{
          nameOf: (item) => item,
          onMove: (from, to) =>
            setItems((all) => all.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, all[from] ?? '')),
        }}
      >
        {(item, _, handle) => (
          <>
            {handle}
            <p>{item}</p>
          </>
        )}
      </SortList>
    </I18nProvider>
  )
}
const order = () => screen.getAllByRole('paragraph').map((item) => item.textContent)
const handle = (name: string) => screen.getByRole('button', { name: new RegExp(`Drag ${name}`) })

test('a card that is dragged by its handle comes to where it is let go, and a click alone moves nothing', () => {
  render(<Cards />)
  const one = handle('one')
  fireEvent.pointerDown(one, { button: 0 })
  fireEvent.pointerUp(one)
  expect(order()).toEqual(['one', 'two', 'three'])
  fireEvent.pointerDown(one, { button: 0 })
  fireEvent.pointerMove(one, { clientY: 240 })
  fireEvent.pointerUp(one)
  expect(order()).toEqual(['two', 'one', 'three'])
})

test('a drag that is broken off moves nothing', () => {
  render(<Cards />)
  const three = handle('three')
  fireEvent.pointerDown(three, { button: 0 })
  fireEvent.pointerMove(three, { clientY: 10 })
  fireEvent.pointerCancel(three)
  fireEvent.pointerUp(three)
  expect(order()).toEqual(['one', 'two', 'three'])
})

test('the arrow keys on a handle move its card by one, keep the focus on it and say where it is', () => {
  render(<Cards />)
  handle('one').focus()
  fireEvent.keyDown(handle('one'), { key: 'ArrowDown' })
  expect(order()).toEqual(['two', 'one', 'three'])
  expect(document.activeElement).toBe(handle('one'))
  expect(screen.getByRole('status').textContent).toBe('Place 2 of 3')
  fireEvent.keyDown(handle('one'), { key: 'ArrowDown' })
  fireEvent.keyDown(handle('one'), { key: 'ArrowDown' })
  expect(order()).toEqual(['two', 'three', 'one'])
  fireEvent.keyDown(handle('two'), { key: 'ArrowUp' })
  expect(order()).toEqual(['two', 'three', 'one'])
})

function Removable() {
  const [items, setItems] = useState(['one', 'two', 'three'])
  const last = items.length - 1
  return (
    <SortList items={items} keyOf={(item) => item}>
      {(item, at) => (
        <>
          <button type="button" onClick={() => setItems((all) => all.toSpliced(at, 1))}>
            Remove {item}
          </button>
          <button
            type="button"
            disabled={at === last}
            onClick={() => setItems((all) => [...all.toSpliced(at, 1), item])}
          >
            Move {item} to the end
          </button>
        </>
      )}
    </SortList>
  )
}

test('the focus stays where a card was removed, and with one that cannot move any further', () => {
  render(
    <I18nProvider i18n={i18n}>
      <Removable />
    </I18nProvider>,
  )
  const press = (name: string) => {
    const button = screen.getByRole('button', { name })
    button.focus()
    fireEvent.click(button)
    return document.activeElement?.textContent
  }
  expect(press('Move one to the end')).toBe('Remove one')
  expect(press('Remove three')).toBe('Remove one')
  expect(press('Remove one')).toBe('Remove two')
})

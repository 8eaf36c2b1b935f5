// @vitest-environment jsdom
// The thread on screen when the server was away as it was opened.
import type { Thread } from '@patchbay/protocol/api/interactions.ts'
import { act, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { initialState, type LiveState } from '../../live/reduce.ts'
import { update } from '../../live/store.ts'
import { useThread } from './useThread.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  update(() => initialState)
})

function Shown() {
  const { thread, problem } = useThread(7)
  return <p>{thread ? 'the thread' : (problem?.code ?? 'nothing')}</p>
}

const goTo = (sync: LiveState['sync']) => act(() => update((state) => ({ ...state, sync })))

test('a thread that could not be fetched is fetched again when the connection is back, and not before', async () => {
  const row = { id: 7, seq: 1 }
  const thread = { interaction: row, items: [], seq: 1 } as unknown as Thread
  const answers = [() => Promise.reject(new TypeError('away')), async () => Response.json(thread)]
  const asked = vi.fn(() => answers.shift()?.())
  vi.stubGlobal('fetch', asked)
  goTo('offline')
  render(<Shown />)
  await screen.findByText('offline')
  goTo('syncing')
  expect(asked).toHaveBeenCalledTimes(1)
  goTo('synced')
  await screen.findByText('the thread')
  expect(asked).toHaveBeenCalledTimes(2)
})

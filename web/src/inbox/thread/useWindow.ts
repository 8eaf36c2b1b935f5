/** Until when the channel takes answers, as it stands at this moment. */
import type { AnswerWindow } from '@patchbay/protocol/api/interactions.ts'
import { useNow } from '../../ui/clock.ts'

/**
 * `free`: no end is known. `open`: until `until`. `human`: only what a person writes is still taken, until `until`. `over`: nothing is
 * taken since `until`.
 */
export type WindowState = { state: 'free' } | { state: 'open' | 'human' | 'over'; until: number; now: number }

const always: AnswerWindow = { until: null, humanAgentUntil: null }

export function useWindow(window: AnswerWindow | undefined): WindowState {
  return windowAt(window ?? always, useNow(10_000))
}

export function windowAt(window: AnswerWindow, now: number): WindowState {
  if (window.until === null) return { state: 'free' }
  const until = Date.parse(window.until)
  if (now < until) return { state: 'open', until, now }
  const human = window.humanAgentUntil === null ? until : Date.parse(window.humanAgentUntil)
  if (now < human) return { state: 'human', until: human, now }
  return { state: 'over', until: Math.max(until, human), now }
}

// Has `vi.waitFor` wait as long as a slow machine needs, where a test does not say how long: its own limit is one second, and cannot be set.
import { vi } from 'vitest'

const { waitFor } = vi
const WITHIN_MS = 30_000

vi.waitFor = (callback, options = {}) =>
  waitFor(callback, { timeout: WITHIN_MS, ...(typeof options === 'number' ? { timeout: options } : options) })

/** Reads what a desk says on its socket. */
import type { ClientMessage } from '@patchbay/protocol/push.ts'

const MOST_THREADS = 50

/** undefined: nothing that a desk says. */
export function readMessage(text: string): ClientMessage | undefined {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  const { type, cursor, sight = null, threads, interactionId, seq, agents } = value as Record<string, unknown>
  switch (type) {
    case 'hello':
      return isCursor(cursor) && isCursor(sight) && isThreads(threads)
        ? { type, cursor, sight, threads }
        : undefined
    case 'open':
      return isId(interactionId) && isSeq(seq) ? { type, interactionId, seq } : undefined
    case 'close':
    case 'typing':
      return isId(interactionId) ? { type, interactionId } : undefined
    case 'watch':
      return typeof agents === 'boolean' ? { type, agents } : undefined
    case 'ping':
      return { type }
    default:
      return undefined
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isCursor(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && value.length <= 100)
}

function isThreads(value: unknown): value is Record<string, number> {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  return entries.length <= MOST_THREADS && entries.every(([id, seq]) => isId(Number(id)) && isSeq(seq))
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

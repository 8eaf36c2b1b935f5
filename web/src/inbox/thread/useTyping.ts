/** Tells colleagues that one types here, at most every few seconds. */
import { useCallback, useRef } from 'react'
import { tell } from '../../live/connection.ts'

const everyMs = 3_000

export function useTyping(interactionId: number): () => void {
  const told = useRef({ id: 0, at: 0 })
  return useCallback(() => {
    const now = performance.now()
    if (told.current.id === interactionId && now - told.current.at < everyMs) return
    told.current = { id: interactionId, at: now }
    tell({ type: 'typing', interactionId })
  }, [interactionId])
}

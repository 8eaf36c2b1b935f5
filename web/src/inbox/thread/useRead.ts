/** Tells the server that the agent has looked, once the newest message is really in front of him. */
import { useEffect } from 'react'
import { api } from '../../api/api.ts'

const lookMs = 500

export function useRead(id: number, seq: number, unread: number, isAtEnd: boolean): void {
  useEffect(() => {
    if (unread === 0 || seq === 0 || !isAtEnd) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden' || !document.hasFocus()) return
      timer = setTimeout(() => {
        // Not worth a word when it fails: the next look tells again.
        api('POST /api/openchannel/interactions/:id/read', { params: { id }, body: { seq } }).catch(
          () => undefined,
        )
      }, lookMs)
    }
    look()
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [id, seq, unread, isAtEnd])
}

/** Has the server say when an agent changes, for as long as the page is shown. */
import { useEffect } from 'react'
import { tell } from '../live/connection.ts'
import { useLive } from '../live/store.ts'

export function useWatch(): void {
  // After a break the server has to be told again.
  const isConnected = useLive((live) => live.sync === 'synced' || live.sync === 'stale')
  useEffect(() => {
    if (!isConnected) return
    tell({ type: 'watch', agents: true })
    return () => tell({ type: 'watch', agents: false })
  }, [isConnected])
}

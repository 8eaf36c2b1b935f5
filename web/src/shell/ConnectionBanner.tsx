/** Says when the desk does not hear the server, and what that means for who is writing. */
import { Plural, Trans } from '@lingui/react/macro'
import { RefreshCw, WifiOff } from 'lucide-react'
import { useEffect } from 'react'
import { Banner } from '../ui/Banner.tsx'
import { setConnection, useConnection } from './connection.ts'

export function ConnectionBanner() {
  const { state, waiting } = useConnection()
  useEffect(() => {
    const offline = () => setConnection({ state: 'offline' })
    window.addEventListener('offline', offline)
    return () => window.removeEventListener('offline', offline)
  }, [])
  if (state === 'live') return null
  if (state === 'syncing') {
    return (
      <Banner tone="info" icon={<RefreshCw aria-hidden />}>
        <Trans>Connected again. Catching up.</Trans>
      </Banner>
    )
  }
  return (
    <Banner tone="warn" icon={<WifiOff aria-hidden />}>
      {waiting > 0 ? (
        <Plural
          value={waiting}
          one="Offline. You can keep writing; # message waits to be sent."
          other="Offline. You can keep writing; # messages wait to be sent."
        />
      ) : (
        <Trans>Offline. You can keep writing.</Trans>
      )}
    </Banner>
  )
}

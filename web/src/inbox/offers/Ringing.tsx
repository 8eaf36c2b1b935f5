/** Makes an offer heard: a sound until it is answered, the page's title, a notification, and one sentence for screen readers. */
import { useLingui } from '@lingui/react/macro'
import type { OfferCard } from '@patchbay/protocol/api/interactions.ts'
import { VolumeX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { usePreferences } from '../../shell/preferences.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useLeads } from './leader.ts'
import { isBlocked, ring, unlockOnGesture } from './sound.ts'

const repeatMs = 4_000
/** So long a browser may take to let a sound out. */
const letOutMs = 400

export function Ringing({ offers }: { offers: readonly OfferCard[] }) {
  const { t } = useLingui()
  const { sound } = usePreferences()
  const leads = useLeads()
  const [blocked, setBlocked] = useState(false)
  const count = offers.length
  const newest = offers.at(-1)

  useEffect(() => unlockOnGesture(() => setBlocked(false)), [])

  useEffect(() => {
    if (count === 0 || !sound || !leads) return
    let check: ReturnType<typeof setTimeout> | undefined
    const once = () => {
      ring()
      check = setTimeout(() => setBlocked(isBlocked()), letOutMs)
    }
    once()
    const timer = setInterval(once, repeatMs)
    return () => {
      clearInterval(timer)
      clearTimeout(check)
      setBlocked(false)
    }
  }, [count, sound, leads])

  useEffect(() => {
    if (count === 0) return
    const title = document.title
    document.title = `(${count}) ${title}`
    return () => {
      document.title = title
    }
  }, [count])

  const from = newest?.contact.name
  const via = newest?.notice ?? newest?.account.name
  const id = newest?.id
  useEffect(() => {
    if (id === undefined || document.visibilityState === 'visible' || !leads) return
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    const notice = new Notification(from ?? '', { body: via ?? '', tag: `offer-${id}` })
    notice.addEventListener('click', () => window.focus())
    return () => notice.close()
  }, [id, from, via, leads])

  const seconds = newest?.timeoutSeconds ?? 0
  return (
    <>
      <p className="visually-hidden" role="status">
        {newest ? t`Incoming from ${newest.contact.name}, ${newest.account.name}, ${seconds} seconds` : ''}
      </p>
      {blocked ? (
        <Banner tone="warn" icon={<VolumeX aria-hidden />}>
          {t`The browser holds the sound back: click anywhere to hear offers`}
        </Banner>
      ) : null}
    </>
  )
}

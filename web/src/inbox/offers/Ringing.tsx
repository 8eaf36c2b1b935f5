/** Makes an offer heard: a sound until it is answered, the page's title, a notification, and one sentence for screen readers. */
import { useLingui } from '@lingui/react/macro'
import type { OfferCard } from '@patchbay/protocol/api/interactions.ts'
import { VolumeX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { usePreferences } from '../../shell/preferences.ts'
import { Tag } from '../../ui/Mark.tsx'
import { leads } from './leader.ts'
import { isBlocked, ring, unlockOnGesture } from './sound.ts'

const repeatMs = 4_000

export function Ringing({ offers }: { offers: readonly OfferCard[] }) {
  const { t } = useLingui()
  const { sound } = usePreferences()
  const [blocked, setBlocked] = useState(false)
  const count = offers.length
  const newest = offers.at(-1)

  useEffect(() => unlockOnGesture(() => setBlocked(false)), [])

  useEffect(() => {
    if (count === 0 || !sound) return
    const once = () => {
      if (!leads()) return
      ring()
      setBlocked(isBlocked())
    }
    once()
    const timer = setInterval(once, repeatMs)
    return () => clearInterval(timer)
  }, [count, sound])

  useEffect(() => {
    if (count === 0) return
    const title = document.title
    document.title = `(${count}) ${title.replace(/^\(\d+\) /, '')}`
    return () => {
      document.title = title.replace(/^\(\d+\) /, '')
    }
  }, [count])

  const from = newest?.contact.name
  const via = newest?.account.name
  const id = newest?.id
  useEffect(() => {
    if (id === undefined || document.visibilityState === 'visible' || !leads()) return
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    const notice = new Notification(`${from}`, { body: via ?? '', tag: `offer-${id}` })
    notice.addEventListener('click', () => window.focus())
    return () => notice.close()
  }, [id, from, via])

  const seconds = newest?.timeoutSeconds ?? 0
  return (
    <>
      <p className="visually-hidden" role="status">
        {newest ? t`Incoming from ${newest.contact.name}, ${newest.account.name}, ${seconds} seconds` : ''}
      </p>
      {blocked && count > 0 ? (
        <div className="px-4 pb-2">
          <Tag tone="warn" icon={<VolumeX aria-hidden />}>
            {t`Sound is blocked by the browser: click anywhere`}
          </Tag>
        </div>
      ) : null}
    </>
  )
}

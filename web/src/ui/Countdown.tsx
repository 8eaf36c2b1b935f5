/** How long something still works, as a chip that counts down; days alone while there are more than one. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Hourglass } from 'lucide-react'
import { useNow } from './clock.ts'
import { Tag } from './Mark.tsx'
import { exactInstant, span } from './time.ts'

const dayMs = 86_400_000

export function Countdown({ until }: { until: string }) {
  const { t, i18n } = useLingui()
  const now = useNow(1000)
  const at = Date.parse(until)
  const leftMs = at - now
  if (leftMs <= 0) return <Tag tone="bad">{t`Over`}</Tag>
  const days = Math.floor(leftMs / dayMs)
  return (
    <Tag tone="warn" icon={<Hourglass aria-hidden />} title={exactInstant(at, i18n.locale)}>
      {days > 1 ? <Trans>Ends in {days} days</Trans> : <Trans>Ends in {span(leftMs)}</Trans>}
    </Tag>
  )
}

/** How an entry of the log stands: a word, its colour, an icon, and the status that was answered. */
import { useLingui } from '@lingui/react/macro'
import type { LogRow, LogState } from '@patchbay/protocol/api/log.ts'
import { Check, CircleAlert, Clock, type LucideIcon, RotateCw } from 'lucide-react'
import { Tag } from '../../../ui/Mark.tsx'
import type { Tone } from '../../../ui/tone.ts'

export function LogStateTag({ row }: { row: Pick<LogRow, 'state' | 'status' | 'attempt'> }) {
  const { t } = useLingui()
  const { state, status, attempt } = row
  const isRetrying = state === 'pending' && attempt > 0
  const words: Record<LogState, string> = {
    accepted: t`Taken in`,
    duplicate: t`Known already`,
    refused: t`Refused`,
    pending: isRetrying ? t`Retrying` : t`Queued`,
    delivered: t`Delivered`,
    failed: t`Not delivered`,
    dead: t`Given up`,
  }
  const [tone, Icon] = isRetrying ? retrying : looks[state]
  return (
    <Tag tone={tone} icon={<Icon aria-hidden />}>
      {words[state]} {status}
    </Tag>
  )
}

const retrying: [Tone, LucideIcon] = ['warn', RotateCw]
const looks: Record<LogState, [Tone, LucideIcon]> = {
  accepted: ['ok', Check],
  duplicate: ['neutral', Check],
  refused: ['bad', CircleAlert],
  pending: ['info', Clock],
  delivered: ['ok', Check],
  failed: ['bad', CircleAlert],
  dead: ['bad', CircleAlert],
}

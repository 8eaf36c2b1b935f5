/** What an entry of the log was, and how it stands, in words. */

import { Trans, useLingui } from '@lingui/react/macro'
import type { CloudLogEntry } from '@patchbay/protocol/api/cloud-log.ts'
import { Check, CircleAlert, Clock } from 'lucide-react'
import { Tag } from '../../ui/Mark.tsx'
import { Time } from '../../ui/Time.tsx'
import { useSaid } from '../common/useSaid.ts'

export function useWhat(): (entry: CloudLogEntry) => string {
  const { t } = useLingui()
  return ({ what, isPublic }) => {
    const words: Readonly<Record<CloudLogEntry['what'], string>> = {
      message: isPublic ? t`Post or comment` : t`Message`,
      answer: isPublic ? t`Public answer` : t`Answer`,
      echo: t`Answer written in the channel’s own app`,
      edited: t`Edited by the customer`,
      deleted: t`Deleted by the customer`,
      reacted: t`Reaction`,
      delivered: t`Delivered to the customer`,
      read: t`Read by the customer`,
      window: t`Time for answers begins anew`,
      failed: t`Told that an answer failed`,
      otherwise: t`Told how it went`,
    }
    return words[what] ?? what
  }
}

export function LogState({ entry: { state, reason, nextAt } }: { entry: CloudLogEntry }) {
  const { t } = useLingui()
  const say = useSaid()
  if (state === 'delivered') return <Tag tone="ok" icon={<Check aria-hidden />}>{t`Delivered`}</Tag>
  const isFailed = state === 'failed'
  return (
    <span className="flex min-w-0 flex-col items-start gap-1">
      <Tag
        tone={isFailed ? 'bad' : 'warn'}
        icon={isFailed ? <CircleAlert aria-hidden /> : <Clock aria-hidden />}
      >
        {isFailed ? t`Not delivered` : t`Waits`}
      </Tag>
      {reason ? <span className="text-small text-text-2 [overflow-wrap:anywhere]">{say(reason)}</span> : null}
      {nextAt ? (
        <span className="text-small text-text-2">
          <Trans>
            Next attempt <Time value={nextAt} style="stamp" />
          </Trans>
        </span>
      ) : null}
    </span>
  )
}

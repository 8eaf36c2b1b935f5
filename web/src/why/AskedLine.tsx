/** One who was asked, and what became of it. */
import { useLingui } from '@lingui/react/macro'
import type { Asked } from '@patchbay/protocol/api/why.ts'
import { Time } from '../ui/Time.tsx'

export function AskedLine({ asked: { user, at, outcome, reason } }: { asked: Asked }) {
  const { t } = useLingui()
  const outcomes: Readonly<Record<Asked['outcome'], string>> = {
    open: t`is being asked`,
    accepted: t`accepted`,
    declined: t`declined`,
    timeout: t`did not answer in time`,
    taken: t`another was quicker`,
    withdrawn: t`the offer was taken back`,
  }
  const reasons: Readonly<Record<string, string>> = {
    away: t`not available any more`,
    full: t`no slot left`,
    removed: t`not of the queue or account any more`,
    step: t`the wait was over`,
    transferred: t`it was passed on`,
    closed: t`it was closed`,
  }
  const why = reason && (reasons[reason] ?? reason)
  return (
    <li data-tone={outcome === 'accepted' ? 'ok' : 'plain'}>
      <span className="min-w-0 flex-1">
        <bdi>{user.fullname}</bdi> <span className="text-text-2">{outcomes[outcome]}</span>
        {why ? (
          <span className="block text-small text-text-2" dir="auto">
            {why}
          </span>
        ) : null}
      </span>
      <Time value={at} style="stamp" className="text-small text-text-2" />
    </li>
  )
}

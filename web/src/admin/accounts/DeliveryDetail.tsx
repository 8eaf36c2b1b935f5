/** One delivery in words: what the service said last, and what happens next. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Time } from '../../ui/Time.tsx'
import { Replay } from './Replay.tsx'

export function DeliveryDetail({ delivery }: { delivery: DeliveryRow }) {
  const { t } = useLingui()
  const { attempts, lastStatus, lastError, nextAt, state } = delivery
  const isBad = state === 'failed' || state === 'dead'
  return (
    <div className="flex flex-col gap-2 border-border border-t p-4">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 className="font-medium">
          {attempts === 0 ? t`Not tried yet` : t`Try ${attempts}`}
          {lastStatus === null ? null : ` · ${lastStatus}`}
        </h3>
        <Replay delivery={delivery} />
      </div>
      {state === 'delivered' ? (
        <p className="text-text-2">
          <Trans>Your service took it.</Trans>
        </p>
      ) : (
        <Banner tone={isBad ? 'bad' : attempts > 0 ? 'warn' : 'info'} isInset>
          {lastError ?? t`The answer is on its way.`}{' '}
          {nextAt && attempts > 0 ? (
            <Trans>
              Next try at <Time value={nextAt} style="clock" />.
            </Trans>
          ) : null}
        </Banner>
      )}
    </div>
  )
}

/** The delivery log of an account: every request that came in and every one that went out. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Outlet } from '@tanstack/react-router'
import { ArrowUp, ArrowUpDown } from 'lucide-react'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Switch } from '../../../ui/Choice.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { Card, EmptyState } from '../../../ui/Page.tsx'
import { EraseBodies } from './EraseBodies.tsx'
import { LogFilterBar } from './LogFilterBar.tsx'
import { LogTable } from './LogTable.tsx'
import { ReplayAll } from './ReplayAll.tsx'
import { useHold } from './useHold.ts'
import { useLog } from './useLog.ts'
import { useLogAddress } from './useLogAddress.ts'

export function Deliveries() {
  const { t } = useLingui()
  const { accountId, entryId, filters, isLive, hrefOf, filter, setLive } = useLogAddress()
  const { area, isHeld } = useHold()
  const log = useLog(accountId, filters, isLive, isHeld || entryId !== undefined)
  const isFiltered = Object.keys(filters).length > 0
  return (
    <>
      <LogFilterBar filters={filters} onChange={filter} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Switch isSelected={isLive} onChange={setLive}>
          <Trans>Live</Trans>
        </Switch>
        <span role="status" className="min-h-7">
          {log.waiting > 0 && isHeld ? (
            <Button size="small" icon={<ArrowUp aria-hidden />} onPress={log.showWaiting}>
              <Plural value={log.waiting} one="Show # new" other="Show # new" />
            </Button>
          ) : null}
        </span>
        <span className="ms-auto flex items-center gap-2">
          <ReplayAll accountId={accountId} />
          <EraseBodies accountId={accountId} />
        </span>
      </div>
      {log.error ? (
        <Failed error={log.error} onRetry={log.retry} />
      ) : (
        <Card isFlush>
          <div ref={area}>
            <div className="-mb-px h-px" />
            <LogTable
              rows={log.rows?.length === 0 && log.more.hasMore ? undefined : log.rows}
              current={entryId}
              hrefOf={({ id }) => hrefOf(id)}
              empty={
                isFiltered ? (
                  <EmptyState
                    title={t`Nothing matches these filters`}
                    action={
                      <Button onPress={() => filter({})}>
                        <Trans>Show all</Trans>
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState icon={<ArrowUpDown aria-hidden />} title={t`No request yet`}>
                    <Trans>
                      Every message of your service and every answer to it shows here, with what was said to
                      it and how long it took.
                    </Trans>
                  </EmptyState>
                )
              }
            />
          </div>
          <LoadMore {...log.more} />
        </Card>
      )}
      <Outlet />
    </>
  )
}

/** The newest requests of the account beside the steps, and the one that needs a look in full. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogRow } from '@patchbay/protocol/api/log.ts'
import { useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { Failed } from '../../../shell/Failed.tsx'
import { LinkButton, TextLink } from '../../../ui/Button.tsx'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Card, EmptyState } from '../../../ui/Page.tsx'
import { EntryDiagnosis } from '../deliveries/EntryDiagnosis.tsx'
import { entryQuery } from '../deliveries/EntryDrawer.tsx'
import { exchangeText } from '../deliveries/exchange-text.ts'
import { LogTable } from '../deliveries/LogTable.tsx'
import { Replay } from '../deliveries/Replay.tsx'
import { headQuery } from '../deliveries/useLog.ts'
import { logPath } from '../deliveries/useLogAddress.ts'

const mostRows = 8
/** While one connects a service, what happens should show. */
const refreshMs = 3_000

export function RecentDeliveries({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const log = useQuery({ ...headQuery(accountId), refetchInterval: refreshMs })
  const rows = log.data?.rows.slice(0, mostRows)
  const worst = rows?.find(isBad) ?? rows?.find(({ state }) => state === 'pending') ?? rows?.[0]
  return (
    <Card
      isFlush
      title={t`Deliveries`}
      meta={
        <TextLink href={logPath(accountId)}>
          <Trans>All deliveries</Trans>
        </TextLink>
      }
    >
      {log.isError ? (
        <Failed error={log.error} onRetry={() => void log.refetch()} />
      ) : (
        <>
          <LogTable
            rows={rows}
            current={worst?.id}
            hrefOf={({ id }) => `${logPath(accountId)}/${id}`}
            isShort
            empty={
              <EmptyState icon={<Send aria-hidden />} title={t`No request yet`}>
                <Trans>Every message and every answer shows here, with what your service said to it.</Trans>
              </EmptyState>
            }
          />
          {worst ? <Newest row={worst} /> : null}
        </>
      )}
    </Card>
  )
}

function isBad({ state }: LogRow): boolean {
  return state === 'failed' || state === 'dead' || state === 'refused'
}

function Newest({ row }: { row: LogRow }) {
  const { t } = useLingui()
  const entry = useQuery(entryQuery(row.accountId, row.id)).data
  const last = entry?.attempts.at(-1)
  if (!entry) return null
  const answer = last?.status ?? t`no answer`
  const heading =
    row.direction === 'in'
      ? t`Your service was answered ${answer}`
      : last
        ? t`Attempt ${last.attempt} · ${answer}`
        : t`Not tried yet`
  return (
    <div className="flex flex-col gap-3 border-border border-t p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="me-auto font-medium">{heading}</h3>
        {entry.curl ? <CopyButton label={t`Copy as curl`} text={entry.curl} /> : null}
        <Replay row={row} />
        <LinkButton size="small" href={`${logPath(row.accountId)}/${row.id}`}>
          <Trans>Details</Trans>
        </LinkButton>
      </div>
      <EntryDiagnosis row={entry.row} diagnosis={entry.diagnosis} />
      {last?.request.body ? (
        <details>
          <summary className="min-h-6 cursor-pointer text-text-2">
            <Trans>What was sent</Trans>
          </summary>
          <div className="pt-2">
            <CodeBlock label={t`What was sent`} samples={exchangeText(last)} />
          </div>
        </details>
      ) : null}
    </div>
  )
}

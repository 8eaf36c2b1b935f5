/** What the built-in receiver of an account took in: exactly what the service would have got. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Echo } from '@patchbay/protocol/api/accounts.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLive } from '../../../live/store.ts'
import { Tag } from '../../../ui/Mark.tsx'
import { Time } from '../../../ui/Time.tsx'
import { echoesQuery } from '../../common/queries.ts'
import { echoText } from './echo.ts'

export function Echoes({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const echoes = useQuery(echoesQuery(accountId)).data?.rows
  const echoId = useLive(({ echo }) => (echo?.accountId === accountId ? echo.echoId : undefined))
  useEffect(() => {
    if (echoId === undefined) return
    void client.invalidateQueries({ queryKey: echoesQuery(accountId).queryKey })
    void client.invalidateQueries({ queryKey: ['deliveries', accountId] })
  }, [echoId, accountId, client])
  const latest = echoes?.[0]
  return (
    <section aria-label={t`Built-in echo receiver`} className="flex min-w-0 flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2 text-text-2">
        <Tag tone="info">{t`Built-in echo receiver`}</Tag>
        {latest ? (
          <span role="status">
            <Trans>Took an answer</Trans> <Time value={latest.receivedAt} style="long" />
          </span>
        ) : (
          <Trans>It shows here what it gets. Press Test, or answer as an agent.</Trans>
        )}
      </p>
      {latest ? <Received echo={latest} /> : null}
    </section>
  )
}

function Received({ echo }: { echo: Echo }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <pre className="code max-h-80 overflow-auto" dir="ltr" tabIndex={0}>
      {echoText(echo)}
    </pre>
  )
}

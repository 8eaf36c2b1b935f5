/** Tries whether this server can be reached from outside and reaches what it needs, and names what to open. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Reachability } from '@patchbay/protocol/api/relays.ts'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import type { ReactNode } from 'react'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Id } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'

export function Tries() {
  const { t } = useLingui()
  const tries = useMutation({ mutationFn: () => api('POST /api/reachability') })
  return (
    <Card
      title={t`What must be open`}
      meta={
        <Button size="small" onPress={() => tries.mutate()} isPending={tries.isPending}>
          <Trans>Try it</Trans>
        </Button>
      }
    >
      {tries.isError ? <Failed error={tries.error} onRetry={() => tries.mutate()} /> : null}
      <div aria-live="polite">
        {tries.data ? (
          <Found found={tries.data} />
        ) : (
          <p className="text-text-2">
            <Trans>
              Inward: port 443 of this server's public address, unless a relay is used. Outward: port 443, to
              Reply URLs, relays and the cloud. Trying it calls relays and the cloud.
            </Trans>
          </p>
        )}
      </div>
    </Card>
  )
}

function Found({ found }: { found: Reachability }) {
  const { publicUrl, fromOutside, outward, cloudAddresses } = found
  return (
    <ul className="flex flex-col gap-3">
      {fromOutside.length === 0 ? (
        <li className="text-text-2">
          <Trans>
            Whether <Id>{publicUrl}</Id> can be reached from outside only somebody outside can tell: a relay
            does, once there is one.
          </Trans>
        </li>
      ) : null}
      {fromOutside.map(({ by, reach }) => (
        <Line key={by} ok={reach.ok} detail={reach.detail}>
          {reach.ok ? (
            <Trans>
              Inward: <Id>{publicUrl}</Id> is reached from outside. Services may use it without a relay.
            </Trans>
          ) : (
            <Trans>
              Inward: <Id>{publicUrl}</Id> is not reached from outside. Open port 443 for it, or let services
              use the relay's address.
            </Trans>
          )}
        </Line>
      ))}
      {outward.map(({ url, reach }) => (
        <Line key={url} ok={reach.ok} detail={reach.detail}>
          {reach.ok ? (
            <Trans>
              Outward: <Id>{url}</Id> is reached from here.
            </Trans>
          ) : (
            <Trans>
              Outward: <Id>{url}</Id> is not reached from here. Open port 443 to it.
            </Trans>
          )}
        </Line>
      ))}
      {cloudAddresses.length > 0 ? (
        <li>
          <Trans>
            The cloud calls from these addresses: <Id>{cloudAddresses.join(', ')}</Id>
          </Trans>
        </li>
      ) : null}
    </ul>
  )
}

function Line({ ok, detail, children }: { ok: boolean; detail: string; children: ReactNode }) {
  const { t } = useLingui()
  const Icon = ok ? CircleCheck : CircleX
  return (
    <li className="flex items-start gap-2">
      <Icon
        size={16}
        className={ok ? 'mt-1 shrink-0 text-ok-text' : 'mt-1 shrink-0 text-bad-text'}
        aria-label={ok ? t`Works` : t`Does not work`}
      />
      <span className="min-w-0">
        {children} {ok ? null : <span className="text-text-2">{detail}</span>}
      </span>
    </li>
  )
}

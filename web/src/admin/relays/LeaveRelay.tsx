/** The end of a relay for this server. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Relay } from '@patchbay/protocol/api/relays.ts'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { useRemove } from '../common/useRemove.ts'

export function LeaveRelay({ relay }: { relay: Relay }) {
  const { t } = useLingui()
  const [isAsked, setAsked] = useState(false)
  const leave = useRemove('DELETE /api/relays/:id', relay.id, { keys: ['relays'] })
  const host = new URL(relay.url).host
  return (
    <>
      <Button size="small" onPress={() => setAsked(true)} aria-label={t`Leave ${host}…`}>
        <Trans>Leave…</Trans>
      </Button>
      <Confirm
        isOpen={isAsked}
        onOpenChange={setAsked}
        title={t`Leave ${host}?`}
        confirm={t`Leave the relay`}
        onConfirm={leave}
      >
        <p>
          <Trans>
            Messages that services send to this relay are refused from then on. To come back a new code is
            needed.
          </Trans>
        </p>
      </Confirm>
    </>
  )
}

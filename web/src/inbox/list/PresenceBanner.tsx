/** Why no offer comes: one is paused or offline, and one press ends it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMe } from '../../api/queries.ts'
import { useSetPresence } from '../../shell/PresenceMenu.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'

export function PresenceBanner() {
  const { t } = useLingui()
  const { presence } = useMe()
  const set = useSetPresence()
  if (presence.state === 'available') return null
  const isPaused = presence.state === 'paused'
  return (
    <div className="list-banner">
      <Banner
        tone="warn"
        isInset
        action={
          <Button
            size="small"
            isPending={set.isPending}
            onPress={() => set.mutate({ state: 'available', reason: null })}
          >
            {isPaused ? t`Resume` : t`Go available`}
          </Button>
        }
      >
        {isPaused ? (
          <Trans>Paused: nothing is offered to you.</Trans>
        ) : (
          <Trans>Offline: nothing is offered to you.</Trans>
        )}
      </Banner>
    </div>
  )
}

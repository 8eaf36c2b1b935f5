/** Another code, after a while in which the first may still arrive. */
import { Trans } from '@lingui/react/macro'
import { Button } from '../../ui/Button.tsx'
import { useNow } from '../../ui/clock.ts'
import { Remaining } from '../../ui/Time.tsx'

const againAfterMs = 60_000

export interface SendAgainProps {
  /** When the last one was sent, in milliseconds since 1970. */
  sentAt: number
  isPending: boolean
  onSend: () => void
}

export function SendAgain({ sentAt, isPending, onSend }: SendAgainProps) {
  const from = sentAt + againAfterMs
  const isEarly = useNow(1000) < from
  if (isEarly) {
    return (
      <p className="min-h-8 content-center text-text-2">
        <Trans>
          Nothing there? Another code can be sent in <Remaining until={new Date(from).toISOString()} />.
        </Trans>
      </p>
    )
  }
  return (
    <Button className="self-start" isPending={isPending} onPress={onSend}>
      <Trans>Send another code</Trans>
    </Button>
  )
}

/** That a code is on its way, to whom, and the way back where that was mistyped. */
import { Trans } from '@lingui/react/macro'
import { Button } from '../../ui/Button.tsx'

export function CodeSent({ email, onBack }: { email: string; onBack: () => void }) {
  return (
    <div className="flex flex-col items-start gap-1 text-text-2">
      <p className="[overflow-wrap:anywhere]">
        <Trans>
          A code of 8 digits is on its way to <strong className="text-text">{email}</strong>. It works once,
          within ten minutes.
        </Trans>
      </p>
      <Button variant="text" onPress={onBack}>
        <Trans>Not your address?</Trans>
      </Button>
    </div>
  )
}

/** How one came back from Facebook's dialog, where it was not as wanted. */
import { Trans, useLingui } from '@lingui/react/macro'
import { ApiError } from '../../api/api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Fault } from '../common/Fault.tsx'

export interface OutcomeProps {
  outcome?: string
  /** Of a failure: the code of the refusal. */
  code?: string
}

export function Outcome({ outcome, code }: OutcomeProps) {
  const { t } = useLingui()
  // Of a code without words of its own, the sentence stands.
  if (outcome === 'failed')
    return (
      <Fault
        error={
          new ApiError(502, { code: code ?? '', detail: t`Facebook did not let you in. Try once more.` })
        }
      />
    )
  if (outcome === 'cancelled')
    return (
      <Banner tone="info" isInset>
        <Trans>You left Facebook’s dialog before the end. Nothing was connected.</Trans>
      </Banner>
    )
  if (outcome === 'declined')
    return (
      <Banner tone="warn" isInset>
        <Trans>You did not allow what messages need. Log in again and leave everything ticked.</Trans>
      </Banner>
    )
  if (outcome === 'stale')
    return (
      <Banner tone="warn" isInset>
        <Trans>The way back from Facebook took too long, or was used before. Begin once more.</Trans>
      </Banner>
    )
  return null
}

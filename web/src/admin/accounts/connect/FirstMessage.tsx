/** Step two: a sample in the service's language, run from here or there; what arrives is shown at once. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { Play } from 'lucide-react'
import { Button, TextLink } from '../../../ui/Button.tsx'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { masked } from '../addresses.ts'
import { sampleMessage, sendSamples } from './samples.ts'
import type { Arrival } from './useArrival.ts'
import { useSample } from './useSample.ts'
import { useStanding } from './useStanding.ts'

export interface FirstMessageProps {
  account: Account
  arrival: Arrival | undefined
  isDone: boolean
}

export function FirstMessage({ account, arrival, isDone }: FirstMessageProps) {
  const { t } = useLingui()
  const sample = useSample(account)
  const standing = useStanding()
  const message = sampleMessage(account.mapKey)
  const url = account.receiveUrl ?? ''
  const whole = sendSamples(url, message)
  const samples = sendSamples(masked(url), message).map((shown, at) => ({
    ...shown,
    copy: whole[at]?.code ?? shown.code,
  }))
  const { trial } = sample
  const isShown = arrival && (!trial || arrival.id === trial.interactionId)
  const output = trial
    ? [
        `# ${trial.status}`,
        ...(trial.interactionId === null
          ? [trial.body.slice(0, 300)]
          : [t`interaction ${trial.interactionId}`]),
        ...(isShown ? [standing(arrival)] : []),
        `${trial.durationMs} ms`,
      ].join(' · ')
    : undefined
  return (
    <>
      <CodeBlock
        label={t`Send a first message`}
        samples={samples}
        {...(output === undefined ? {} : { output })}
        actions={
          <Button
            size="small"
            icon={<Play aria-hidden />}
            isPending={sample.isPending}
            onPress={() => sample.run({ isTold: false })}
          >
            <Trans>Run from here</Trans>
          </Button>
        }
      />
      <p role="status" className="text-text-2">
        {arrival ? (
          <>
            <TextLink href={`/inbox/waiting/${arrival.id}`}>
              <Trans>Interaction {arrival.id}</Trans>
            </TextLink>
            {', '}
            {standing(arrival)}
            {trial?.interactionId === arrival.id ? `, ${trial.durationMs} ms` : ''}
          </>
        ) : isDone ? (
          <Trans>The first message has come.</Trans>
        ) : (
          <Trans>Waiting for the first message. This turns green by itself, from wherever it comes.</Trans>
        )}
      </p>
    </>
  )
}

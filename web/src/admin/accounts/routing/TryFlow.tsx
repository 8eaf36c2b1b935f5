/** A sample message for the steps as they stand, and in words where it ends; the cards show its way. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { TryEnd } from '@patchbay/protocol/api/actions.ts'
import { useState } from 'react'
import { useProblem } from '../../../api/useProblem.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Choice.tsx'
import { Card } from '../../../ui/Page.tsx'
import { TextArea, TextField } from '../../../ui/TextField.tsx'
import type { Trying } from './useTrying.ts'

interface TryFlowProps {
  trying: Trying
  hasCalls: boolean
  nameOf: (id: string) => string
}

/** A way in circles is long. */
const mostNamed = 30

export function TryFlow({ trying, hasCalls, nameOf }: TryFlowProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [from, setFrom] = useState('')
  const [body, setBody] = useState('')
  const [at, setAt] = useState('')
  const [isUnanswered, setUnanswered] = useState(false)
  const [calls, setCalls] = useState(false)
  const { tried, error, isPending } = trying
  return (
    <Card title={t`Try with a sample message`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          trying.run({
            body,
            ...(from ? { from } : {}),
            ...(at ? { at: new Date(at).toISOString() } : {}),
            ...(isUnanswered ? { isUnanswered } : {}),
            ...(hasCalls && calls ? { calls } : {}),
          })
        }}
      >
        <div className="grid gap-4 narrow:grid-cols-2">
          <TextField
            label={t`From`}
            description={<Trans>A known one brings the contact.</Trans>}
            maxLength={200}
            value={from}
            onChange={setFrom}
          />
          <TextField
            label={t`At`}
            type="datetime-local"
            description={<Trans>Of this moment the intervals are asked. Empty: now.</Trans>}
            value={at}
            onChange={setAt}
          />
        </div>
        <TextArea label={t`Message`} rows={2} value={body} onChange={setBody} />
        <Checkbox isSelected={isUnanswered} onChange={setUnanswered}>
          {t`Nobody accepts: go on past queues and agents with a time`}
        </Checkbox>
        {hasCalls ? (
          <Checkbox
            isSelected={calls}
            onChange={setCalls}
            description={t`To them it is a real message, but for its webhook-id, which begins with try_.`}
          >
            {t`Really call bots and web requests`}
          </Checkbox>
        ) : null}
        <Button type="submit" className="self-start" isPending={isPending}>
          <Trans>Try</Trans>
        </Button>
      </form>
      <div aria-live="polite" className="flex flex-col gap-2">
        {error ? (
          <Banner tone="bad" isInset>
            {problem(error)}
          </Banner>
        ) : tried ? (
          <>
            <p>
              {tried.path.slice(0, mostNamed).map(({ stepId }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step may come again
                <span key={at}>
                  {at > 0 ? ' → ' : null}
                  <bdi>{nameOf(stepId)}</bdi>
                </span>
              ))}
            </p>
            <End end={tried.end} steps={tried.path.length} />
          </>
        ) : null}
      </div>
    </Card>
  )
}

function End({ end, steps }: { end: TryEnd; steps: number }) {
  const { t } = useLingui()
  const words: Record<TryEnd, string> = {
    queue: t`It waits in a queue. The way there is shown on the steps.`,
    agent: t`It rings an agent. The way there is shown on the steps.`,
    rest:
      steps === 0
        ? t`There are no steps: it waits for an agent of the account to take it.`
        : t`The flow ends or waits for the customer: until then an agent of the account may take it.`,
    closed: t`It is closed. The way there is shown on the steps.`,
    loop: t`It goes round in circles: too many steps ran, and the flow was ended.`,
  }
  return (
    <Banner tone={end === 'loop' ? 'bad' : end === 'rest' ? 'info' : 'ok'} isInset>
      {words[end]}
    </Banner>
  )
}

/** What was sent and what was answered in one attempt: the address, how long each step took, headers and body of both sides. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogAttempt } from '@patchbay/protocol/api/log.ts'
import { sizeOf } from '../../../inbox/size.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { prettyJson } from './exchange-text.ts'
import { TimingBar } from './TimingBar.tsx'

export function Exchange({ attempt }: { attempt: LogAttempt }) {
  const { t } = useLingui()
  const { method, url, request, response, status, error } = attempt
  return (
    <section className="flex min-w-0 flex-col gap-4" aria-label={t`Attempt ${attempt.attempt}`}>
      {url ? (
        <p className="break-all rounded-control bg-sunken px-3 py-2 font-mono text-small" dir="ltr">
          <strong className="font-semibold">{method}</strong> {url}
        </p>
      ) : null}
      {status === null || attempt.timing.firstByteMs !== null ? (
        <TimingBar timing={attempt.timing} totalMs={attempt.durationMs} />
      ) : null}
      <Tabs
        label={t`Request and response`}
        size="small"
        items={[
          { id: 'request', label: t`Request`, content: <Side side={request} /> },
          {
            id: 'response',
            label: status === null ? t`Response` : `${t`Response`} ${status}`,
            content:
              status === null ? (
                <p className="text-text-2" dir="auto">
                  <Trans>There was no answer.</Trans> {error}
                </p>
              ) : (
                <Side side={response} />
              ),
          },
        ]}
      />
    </section>
  )
}

function Side({ side }: { side: LogAttempt['request'] }) {
  const { t, i18n } = useLingui()
  const { headers, body, sizeBytes } = side
  const names = Object.entries(headers)
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {names.length > 0 ? (
        <dl className="terms font-mono text-small" dir="ltr">
          {names.map(([name, value]) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {body ? (
        <CodeBlock label={t`Body`} samples={prettyJson(body)} />
      ) : (
        <p className="text-text-2">
          {sizeBytes === 0 ? <Trans>The body is empty.</Trans> : <Trans>The body is not kept.</Trans>}
        </p>
      )}
      {sizeBytes ? (
        <p className="text-small text-text-2">
          {body && new Blob([body]).size < sizeBytes ? (
            <Trans>The beginning of {sizeOf(sizeBytes, i18n.locale)}.</Trans>
          ) : (
            sizeOf(sizeBytes, i18n.locale)
          )}
        </p>
      ) : null}
    </div>
  )
}

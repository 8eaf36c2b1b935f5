/** What happened, in plain words: to an answer that went out by its diagnosis, to what came in by the code of its refusal. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogEntry, LogRow } from '@patchbay/protocol/api/log.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { TextLink } from '../../../ui/Button.tsx'
import { Time } from '../../../ui/Time.tsx'
import { diagnosisWords, unknownDiagnosis } from '../connect/diagnosis.ts'
import { refusalWords } from './refusals.ts'

export interface EntryDiagnosisProps {
  row: LogRow
  diagnosis: LogEntry['diagnosis']
}

export function EntryDiagnosis({ row, diagnosis }: EntryDiagnosisProps) {
  const { i18n, t } = useLingui()
  const { state, code, nextAt, attempt, attempts, note, deliveryId } = row
  const known = diagnosisWords[diagnosis.diagnosis] ?? refusalWords[code ?? diagnosis.diagnosis]
  // An answered status says it all; without one the reason names host and cause.
  const isSaid = row.status === null || row.direction === 'in' || diagnosis.diagnosis === 'unusable'
  const said = known ? (isSaid ? row.reason : null) : diagnosis.detail
  if (state === 'accepted' || state === 'duplicate')
    return (
      <Banner tone="ok" isInset>
        {state === 'accepted'
          ? t`Taken in and stored.`
          : t`Known already by its id: nothing was stored twice, and it was answered as before.`}
        {note ? <p className="text-small">{note}</p> : null}
      </Banner>
    )
  if (state === 'pending' && attempt === 0)
    return (
      <Banner tone="info" isInset>
        <Trans>It waits for its turn: the answers of an interaction leave one after the other.</Trans>
      </Banner>
    )
  if (state === 'delivered')
    return (
      <Banner tone="ok" isInset>
        {deliveryId === null ? t`It answered.` : i18n._(diagnosisWords.ok ?? unknownDiagnosis)}
      </Banner>
    )
  return (
    <Banner tone={state === 'pending' ? 'warn' : 'bad'} isInset>
      <p className="font-medium">{known ? i18n._(known) : i18n._(unknownDiagnosis)}</p>
      {said ? (
        <p className="text-small" dir="auto">
          {said}
        </p>
      ) : null}
      {state === 'pending' && nextAt ? (
        <p className="text-small">
          <Trans>
            Tried {attempt} of {attempts} times. The next attempt is at <Time value={nextAt} style="stamp" />.
          </Trans>
        </p>
      ) : null}
      {state === 'dead' && deliveryId !== null ? (
        <p className="text-small">
          <Trans>All {attempts} attempts failed. Put it right, then replay it.</Trans>
        </p>
      ) : null}
      {state === 'failed' && deliveryId !== null ? (
        <p className="text-small">
          <Trans>This answer says that trying again is of no use. Put it right, then replay it.</Trans>
        </p>
      ) : null}
      {code ? (
        <p className="text-small">
          <TextLink href={`/docs/errors#${code}`} target="_blank" className="text-inherit">
            <Trans>{code}: cause and fix</Trans>
          </TextLink>
        </p>
      ) : null}
    </Banner>
  )
}

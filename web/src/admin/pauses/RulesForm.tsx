/** The rules of presence: reasons, missed offers, and whose customers are routed again. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { PresenceRules } from '@patchbay/protocol/api/presence.ts'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { FormNumber, FormSwitch } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { presenceRulesQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'

/** An empty number is NaN in the form and null at the server. */
const read = ({ pauseNeedsReason, missedOffers, pausedIsAbsent, absentMinutes }: PresenceRules) => ({
  pauseNeedsReason,
  missedOffers: missedOffers ?? Number.NaN,
  pausedIsAbsent,
  absentMinutes: absentMinutes ?? Number.NaN,
})
const orNull = (value: number) => (Number.isNaN(value) ? null : value)

export function RulesForm({ rules, reload }: { rules: PresenceRules; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const saved = useSavedForm({
    entity: rules,
    read,
    stampOf: ({ version }) => version,
    save: async ({ missedOffers, absentMinutes, ...rest }, { version }) => {
      const body = {
        ...rest,
        ...(missedOffers === undefined ? {} : { missedOffers: orNull(missedOffers) }),
        ...(absentMinutes === undefined ? {} : { absentMinutes: orNull(absentMinutes) }),
        version,
      }
      const fresh = await api('PUT /api/openchannel/presence-rules', { body })
      client.setQueryData(presenceRulesQuery.queryKey, fresh)
      return fresh
    },
    reload,
  })
  const { control } = saved.form
  const labels = {
    pauseNeedsReason: t`A pause needs a reason`,
    missedOffers: t`Missed offers until not answering`,
    pausedIsAbsent: t`Paused counts as absent`,
    absentMinutes: t`Unanswered for an absent agent`,
  }
  return (
    <Card title={t`Rules`}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <FormSwitch
          {...{ control, name: 'pauseNeedsReason' }}
          description={t`Agents choose one from the list above.`}
        >
          {labels.pauseNeedsReason}
        </FormSwitch>
        <div className="grid gap-4 narrow:grid-cols-2">
          <FormNumber
            {...{ control, name: 'missedOffers' }}
            label={labels.missedOffers}
            description={t`In a row. Declining never counts, nor do queues that ring all. Empty: never.`}
            minValue={1}
            maxValue={20}
          />
          <FormNumber
            {...{ control, name: 'absentMinutes' }}
            label={labels.absentMinutes}
            description={t`Then it is routed again. Empty: only when the customer writes again.`}
            suffix={t`minutes`}
            minValue={1}
            maxValue={10080}
          />
        </div>
        <FormSwitch
          {...{ control, name: 'pausedIsAbsent' }}
          description={t`Customers who write to an agent who is paused or not answering are routed again too.`}
        >
          {labels.pausedIsAbsent}
        </FormSwitch>
        <p className="hint">
          <Trans>
            An agent is absent when offline, signed out, disabled, or not heard of for 15 seconds.
          </Trans>
        </p>
        <SavedFormBar saved={saved} labels={labels} error={saved.form.formState.errors.root?.message} />
      </form>
    </Card>
  )
}

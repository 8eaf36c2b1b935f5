/** When a trigger fires and what it does. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Trigger } from '@patchbay/protocol/api/triggers.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useController } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Switch } from '../../ui/Choice.tsx'
import { MultiSelect } from '../../ui/ComboBox.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { ConditionBuilder } from '../common/ConditionBuilder.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { allAccountsQuery, intervalsQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { ActionsForm } from './ActionsForm.tsx'
import { triggerQuery, triggersQuery } from './queries.ts'
import { useSentence } from './sentence.ts'
import { TryTrigger } from './TryTrigger.tsx'

/** Ids begin with 1. */
const ANY_TIME = 0

const read = ({ name, enabled, direction, accountIds, intervalId, conditions, actions }: Trigger) => ({
  name,
  enabled,
  direction,
  accountIds,
  intervalId,
  conditions,
  actions,
})

export function TriggerForm({ trigger, reload }: { trigger: Trigger; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const sentence = useSentence()
  const intervals = useQuery(intervalsQuery).data ?? []
  const accounts = useQuery(allAccountsQuery).data ?? []
  const saved = useSavedForm({
    entity: trigger,
    read,
    stampOf: ({ version }) => version,
    save: async (changes, { id, version }) => {
      const fresh = await api('PATCH /api/openchannel/triggers/:id', {
        params: { id },
        body: { ...changes, version },
      })
      client.setQueryData(triggerQuery(id).queryKey, fresh)
      void client.invalidateQueries({ queryKey: triggersQuery.queryKey })
      return fresh
    },
    reload,
  })
  const { control } = saved.form
  const enabled = useController({ control, name: 'enabled' }).field
  const direction = useController({ control, name: 'direction' }).field
  const accountIds = useController({ control, name: 'accountIds' }).field
  const intervalId = useController({ control, name: 'intervalId' }).field
  const conditions = useController({ control, name: 'conditions' }).field
  const actions = useController({ control, name: 'actions' }).field
  const values = saved.form.watch()
  const isAlways = values.conditions.all.length + values.conditions.any.length === 0
  const listId = accounts.find(({ id }) => id === values.accountIds?.[0])?.listId ?? accounts[0]?.listId
  return (
    <>
      <Card className="max-w-[760px]">
        <p aria-live="polite">{sentence(values)}</p>
        <FormFault form={saved.form} />
        <Switch isSelected={enabled.value} onChange={enabled.onChange}>
          <Trans>This trigger is on</Trans>
        </Switch>
        <FormText control={control} name="name" label={t`Name`} />
        <div className="grid gap-4 narrow:grid-cols-2">
          <Select
            label={t`Looks at`}
            options={[
              { id: 'in', label: t`Messages of customers` },
              { id: 'out', label: t`Answers` },
              { id: 'both', label: t`Both` },
            ]}
            value={direction.value}
            onChange={(value) => direction.onChange(value)}
          />
          <Select<number>
            label={t`Only within`}
            options={[
              { id: ANY_TIME, label: t`Any time` },
              ...intervals.map(({ id, name }) => ({ id, label: name })),
            ]}
            value={intervalId.value ?? ANY_TIME}
            onChange={(id) => intervalId.onChange(id || null)}
          />
        </div>
        <MultiSelect
          label={t`Only these accounts`}
          description={<Trans>None chosen: every account.</Trans>}
          options={accounts.map(({ id, name }) => ({ id, label: name }))}
          value={accountIds.value ?? []}
          onChange={(ids) => accountIds.onChange(ids.length > 0 ? ids : null)}
        />
      </Card>
      <Card title={t`Conditions`} className="max-w-[760px]">
        {isAlways ? (
          <Banner tone="warn" isInset>
            <Trans>Without a condition every message fires it.</Trans>
          </Banner>
        ) : null}
        <ConditionBuilder value={conditions.value} onChange={conditions.onChange} listId={listId} />
      </Card>
      <Card title={t`What happens`} className="max-w-[760px]">
        <ActionsForm
          value={actions.value}
          saved={trigger.actions}
          onChange={actions.onChange}
          listId={listId}
        />
      </Card>
      <TryTrigger values={values} accounts={accounts} />
      <SavedFormBar
        saved={saved}
        labels={{
          name: t`Name`,
          enabled: t`On or off`,
          direction: t`Looks at`,
          accountIds: t`Accounts`,
          intervalId: t`Interval`,
          conditions: t`Conditions`,
          actions: t`What happens`,
        }}
        error={saved.form.formState.errors.root?.message}
      />
    </>
  )
}

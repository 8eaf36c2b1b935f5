/** What else an account is told or tells: events to the service, an alarm to people, and what its log keeps. */

import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { AccountEvent } from '@patchbay/protocol/api/accounts.ts'
import { type Control, Controller } from 'react-hook-form'
import { CheckboxGroup } from '../../../ui/Choice.tsx'
import { FormNumber, FormSwitch, FormText } from '../../../ui/FormFields.tsx'
import { VariableText } from '../../common/VariableText.tsx'
import type { Labels } from './useLabels.ts'
import type { SettingsValues } from './values.ts'

interface Group {
  control: Control<SettingsValues>
  labels: Labels
}

const eventWords: Readonly<Record<AccountEvent, MessageDescriptor>> = {
  'interaction.opened': msg`A customer writes anew.`,
  'interaction.assigned': msg`An agent takes it or is given it.`,
  'interaction.transferred': msg`It goes to another agent or queue.`,
  'interaction.closed': msg`It is closed, with how it ended.`,
  'interaction.reopened': msg`It is open again.`,
  'message.received': msg`A message of a customer is stored.`,
  'message.delivered': msg`An answer reached the customer.`,
  'message.failed': msg`An answer could not be delivered.`,
}
const allEvents = Object.keys(eventWords) as AccountEvent[]

export function Events({ control, labels }: Group) {
  const { t, i18n } = useLingui()
  return (
    <>
      <p className="text-text-2">
        <Trans>Posted beside the answers, signed the same way and tried again the same way.</Trans>
      </p>
      <div className="event-choices">
        <Controller
          control={control}
          name="events"
          render={({ field, fieldState }) => (
            <CheckboxGroup
              label={labels.events}
              isLabelHidden
              value={field.value}
              onChange={(chosen) => field.onChange(allEvents.filter((name) => chosen.includes(name)))}
              error={fieldState.error?.message}
              options={allEvents.map((name) => ({
                id: name,
                label: name,
                description: i18n._(eventWords[name]),
              }))}
            />
          )}
        />
      </div>
      <FormText
        {...{ control, name: 'eventsUrl' }}
        label={labels.eventsUrl}
        type="url"
        isMono
        placeholder="https://api.example.com/events"
        description={t`Empty: they go to the Reply URL too.`}
      />
    </>
  )
}

export function Notification({ control, labels, listId }: Group & { listId: number }) {
  const { t } = useLingui()
  return (
    <Controller
      control={control}
      name="notificationTemplate"
      render={({ field }) => (
        <VariableText
          label={labels.notificationTemplate}
          description={t`What the browser shows below the contact’s name while the desk is in the background. Empty: the name of the account.`}
          rows={2}
          listId={listId}
          value={field.value}
          onChange={field.onChange}
        />
      )}
    />
  )
}

export function Alarm({ control, labels }: Group) {
  const { t } = useLingui()
  return (
    <>
      <p className="text-text-2">
        <Trans>Somebody is told when answers stop arriving at your service, and again when they do.</Trans>
      </p>
      <div className="grid gap-4 narrow:grid-cols-2">
        <FormText
          {...{ control, name: 'alarmEmail' }}
          label={labels.alarmEmail}
          type="email"
          placeholder="ops@example.com"
          description={t`Empty: nobody gets a mail.`}
        />
        <FormNumber
          {...{ control, name: 'alarmAfterFailures' }}
          label={labels.alarmAfterFailures}
          minValue={1}
          maxValue={1000}
          suffix={t`failures in a row`}
          rules={{ validate: (value) => !Number.isNaN(value) || t`Write a number from ${1} to ${1000}.` }}
        />
      </div>
      <FormText
        {...{ control, name: 'alarmUrl' }}
        label={labels.alarmUrl}
        type="url"
        isMono
        placeholder="https://alerts.example.com/hook"
        description={t`It gets a POST with what happened. Empty: none is called.`}
      />
    </>
  )
}

export function Log({ control, labels }: Group) {
  const { t } = useLingui()
  return (
    <FormSwitch
      {...{ control, name: 'keepBodies' }}
      description={t`For 14 days, to see what was sent and answered. Without them the log shows times, statuses and reasons alone.`}
    >
      {labels.keepBodies}
    </FormSwitch>
  )
}

/** The fields of the settings, by what they are about. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery } from '@tanstack/react-query'
import { type Control, useController } from 'react-hook-form'
import { fieldWords, nameOfCustom, textFields } from '../../../contacts/fields.ts'
import { fieldsQuery, listsQuery } from '../../../contacts/queries.ts'
import { TextLink } from '../../../ui/Button.tsx'
import {
  FormNumber,
  FormRadio,
  FormSelect,
  FormSwitch,
  FormText,
  FormTextArea,
} from '../../../ui/FormFields.tsx'
import { ReplyField } from '../connect/ReplyField.tsx'
import type { Labels } from './useLabels.ts'
import type { SettingsValues } from './values.ts'

interface Group {
  control: Control<SettingsValues>
  labels: Labels
}

export function General({ control, labels }: Group) {
  const { t } = useLingui()
  const lists = useQuery(listsQuery).data?.rows ?? []
  return (
    <>
      <div className="grid gap-4 narrow:grid-cols-2">
        <FormText
          {...{ control, name: 'name' }}
          label={labels.name}
          rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
        />
        <FormSelect
          {...{ control, name: 'listId' }}
          label={labels.listId}
          options={lists.map(({ id, name }) => ({ id, label: name }))}
        />
      </div>
      <FormTextArea {...{ control, name: 'description' }} label={labels.description} rows={2} />
      <FormSwitch
        {...{ control, name: 'sandbox' }}
        description={t`For trying out: its interactions work as all others, carry a mark, and are left out of reports.`}
      >
        {labels.sandbox}
      </FormSwitch>
      <FormSwitch
        {...{ control, name: 'dispositionRequired' }}
        description={t`An interaction is closed with a disposition only, by agents and by programs, as soon as there is one to choose.`}
      >
        {labels.dispositionRequired}
      </FormSwitch>
    </>
  )
}

export function In({ control, labels, account }: Group & { account: Account }) {
  const { t, i18n } = useLingui()
  const custom = useQuery(fieldsQuery(account.listId)).data?.rows ?? []
  return (
    <>
      <div className="grid gap-4 narrow:grid-cols-2">
        <FormSelect
          {...{ control, name: 'mapKey' }}
          label={labels.mapKey}
          description={t`The contact field that “from” is compared with when a message names none.`}
          options={[
            { id: '', label: t`None: every message names it` },
            ...textFields.map((name) => ({ id: name, label: i18n._(fieldWords[name]), description: name })),
            ...custom.map((field) => ({
              id: nameOfCustom(field),
              label: field.name,
              description: nameOfCustom(field),
            })),
          ]}
        />
        <FormText
          {...{ control, name: 'mapKeyDescription' }}
          label={labels.mapKeyDescription}
          description={t`For your colleagues, such as “customer number of the shop”.`}
        />
      </div>
      <FormRadio
        {...{ control, name: 'updateRule' }}
        label={labels.updateRule}
        options={[
          {
            id: 'fill',
            label: t`Fill`,
            description: t`What a message says of a contact goes into empty fields.`,
          },
          { id: 'never', label: t`Never`, description: t`Known contacts stay as they are.` },
          { id: 'overwrite', label: t`Overwrite`, description: t`The newest message is right.` },
        ]}
      />
      <Whole
        {...{ control, name: 'reopenWithinMinutes', min: 0, max: 525_600 }}
        label={labels.reopenWithinMinutes}
        suffix={t`min`}
        description={t`A message this soon after closing opens the same interaction again. 0: always a new one.`}
      />
      <div className="flex flex-col gap-1">
        <FormSwitch
          {...{ control, name: 'requireSignature' }}
          description={t`The token alone no longer opens the Receive URL: every request must be signed with the secret below, by the headers of Standard Webhooks.`}
        >
          {labels.requireSignature}
        </FormSwitch>
        <p className="ps-10 text-small">
          <TextLink href="/apidoc" target="_blank">
            <Trans>How to sign</Trans>
          </TextLink>
        </p>
      </div>
    </>
  )
}

export function Out({ control, labels, account }: Group & { account: Account }) {
  const { t } = useLingui()
  const { field, fieldState } = useController({ control, name: 'replyUrl' })
  return (
    <ReplyField
      accountId={account.id}
      label={labels.replyUrl}
      description={t`Where answers are posted, signed. Empty: agents can read, not answer.`}
      value={field.value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      inputRef={field.ref}
      error={fieldState.error?.message}
    />
  )
}

export function Limits({ control, labels }: Group) {
  const { t } = useLingui()
  return (
    <div className="grid gap-4 narrow:grid-cols-2">
      <FormNumber
        {...{ control, name: 'attachmentLimitMb' }}
        label={labels.attachmentLimitMb}
        suffix="MB"
        minValue={0.001}
        maxValue={1024}
        description={t`Empty: the limit of the installation.`}
      />
      <FormNumber
        {...{ control, name: 'fileLifetimeHours' }}
        label={labels.fileLifetimeHours}
        suffix={t`hours`}
        minValue={1}
        maxValue={87_600}
        description={t`Then the bytes are deleted, the message stays. Empty: never.`}
      />
      <Whole
        {...{ control, name: 'bodyLimitKb', min: 1, max: 1024 }}
        label={labels.bodyLimitKb}
        suffix="KB"
      />
      <span />
      <Whole
        {...{ control, name: 'ratePerSecond', min: 1, max: 1_000_000 }}
        label={labels.ratePerSecond}
        description={t`More than this is asked to come again a moment later.`}
      />
      <Whole
        {...{ control, name: 'rateBurst', min: 1, max: 1_000_000 }}
        label={labels.rateBurst}
        description={t`So many may come at one time.`}
      />
    </div>
  )
}

interface WholeProps {
  control: Control<SettingsValues>
  name: 'reopenWithinMinutes' | 'bodyLimitKb' | 'ratePerSecond' | 'rateBurst'
  label: string
  min: number
  max: number
  suffix?: string
  description?: string
}

/** A number that must not be empty. */
function Whole({ min, max, ...props }: WholeProps) {
  const { t } = useLingui()
  return (
    <FormNumber
      {...props}
      minValue={min}
      maxValue={max}
      rules={{ validate: (value) => !Number.isNaN(value) || t`Write a number from ${min} to ${max}.` }}
    />
  )
}

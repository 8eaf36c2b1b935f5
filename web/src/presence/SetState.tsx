/** A supervisor sets an agent's state, and says why; the agent reads both. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AgentPresence } from '@patchbay/protocol/api/presence.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../api/api.ts'
import { useSubmit } from '../api/useSubmit.ts'
import { stateNames, usePauseWords } from '../shell/presence.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { FormRadio, FormSelect, FormText } from '../ui/FormFields.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import type { TriggerElement } from '../ui/useOpener.tsx'
import { pausesQuery } from './PresenceChoices.tsx'

export function SetState({ agent, trigger }: { agent: AgentPresence; trigger: TriggerElement }) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      trigger={trigger}
      size="small"
      title={t`State of ${agent.fullname}`}
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Set the state</Trans>
          </Button>
        </>
      )}
    >
      {(close) => <StateForm id={id} agent={agent} onDone={close} />}
    </Dialog>
  )
}

const settable = ['available', 'paused', 'offline'] as const
type Settable = (typeof settable)[number]

function StateForm({ id, agent, onDone }: { id: string; agent: AgentPresence; onDone: () => void }) {
  const { t, i18n } = useLingui()
  const client = useQueryClient()
  const words = usePauseWords()
  const { data } = useQuery(pausesQuery)
  const form = useForm<{ state: Settable; reason: string; note: string }>({
    defaultValues: {
      state: agent.presence.state === 'paused' ? 'available' : 'paused',
      reason: '',
      note: '',
    },
  })
  const { control } = form
  const isPause = form.watch('state') === 'paused'
  const submit = useSubmit(form, async ({ state, reason, note }) => {
    const params = { id: agent.id }
    const body = { state, reason: (state === 'paused' && reason) || null, note: note.trim() || null }
    await api('PUT /api/users/:id/presence', { params, body })
    await client.invalidateQueries({ queryKey: ['agents'] })
    onDone()
  })
  if (!data) return <SkeletonLines />
  const { errors } = form.formState
  return (
    <form
      id={id}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {errors.root?.message ? (
        <Banner tone="bad" isInset>
          {errors.root.message}
        </Banner>
      ) : null}
      <FormRadio
        {...{ control, name: 'state' }}
        label={t`State`}
        options={settable.map((state) => ({ id: state, label: i18n._(stateNames[state]) }))}
      />
      {isPause ? (
        <FormSelect<{ state: Settable; reason: string; note: string }, string>
          {...{ control, name: 'reason' }}
          label={t`Reason`}
          options={[
            ...(data.rules.pauseNeedsReason ? [] : [{ id: '', label: t`Without a reason` }]),
            ...data.pauses.map(({ key, name }) => ({ id: key ?? name, label: words(key ?? name) })),
          ]}
          rules={{
            validate: (value) =>
              Boolean(value) || !data.rules.pauseNeedsReason || !isPause || t`Choose a reason.`,
          }}
        />
      ) : null}
      <FormText
        {...{ control, name: 'note' }}
        label={t`Why`}
        description={t`${agent.fullname} reads it beside your name.`}
        maxLength={200}
      />
      {agent.isHere ? null : (
        <p className="hint">
          <Trans>The agent is not connected: offers come only when they are back.</Trans>
        </p>
      )}
    </form>
  )
}

/** What a trigger does, one action after the other. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { TriggerAction, TriggerActionType } from '@patchbay/protocol/api/triggers.ts'
import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Select } from '../../ui/Select.tsx'
import { RequestHeaders } from '../accounts/routing/RequestHeaders.tsx'
import { QueuePicker, TagPicker } from '../common/pickers.tsx'
import { VariableText } from '../common/VariableText.tsx'

interface ActionsFormProps {
  value: readonly TriggerAction[]
  /** As they are stored. */
  saved: readonly TriggerAction[]
  onChange: (actions: TriggerAction[]) => void
  listId: number | undefined
}

const empty: Record<TriggerActionType, TriggerAction> = {
  popup: { type: 'popup', title: '', text: '' },
  'open-url': { type: 'open-url', url: 'https://' },
  'web-request': { type: 'web-request', method: 'POST', url: 'https://' },
  tag: { type: 'tag', tagIds: [] },
  queue: { type: 'queue', queueId: 0 },
}

export function ActionsForm({ value, saved, onChange, listId }: ActionsFormProps) {
  const { t } = useLingui()
  const names: Record<TriggerActionType, string> = {
    popup: t`Show a pop-up`,
    'open-url': t`Offer a page`,
    'web-request': t`Call a service`,
    tag: t`Tag the interaction`,
    queue: t`Move it to a queue`,
  }
  return (
    <>
      {value.map((action, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an action is nothing but its place
        <section key={at} className="flex items-start gap-3" aria-label={names[action.type]}>
          <div className="flex min-w-0 flex-1 flex-col gap-3">
            <h3 className="font-medium">{names[action.type]}</h3>
            <ActionForm
              action={action}
              isKept={(name) => isKept(saved, name)}
              listId={listId}
              onChange={(next) => onChange(value.with(at, next))}
            />
          </div>
          <IconButton
            label={t`Remove: ${names[action.type]}`}
            icon={<X aria-hidden />}
            isDisabled={value.length === 1}
            onPress={() => onChange(value.toSpliced(at, 1))}
          />
        </section>
      ))}
      <div>
        <Menu
          label={t`What happens`}
          trigger={
            <Button icon={<Plus aria-hidden />} isDisabled={value.length >= 10}>
              <Trans>Add an action</Trans>
            </Button>
          }
          items={(Object.keys(empty) as TriggerActionType[]).map((type) => ({
            id: type,
            label: names[type],
            onAction: () => onChange([...value, empty[type]]),
          }))}
        />
      </div>
    </>
  )
}

interface ActionFormProps {
  action: TriggerAction
  isKept: (header: string) => boolean
  onChange: (action: TriggerAction) => void
  listId: number | undefined
}

function ActionForm({ action, isKept, onChange, listId }: ActionFormProps) {
  const { t } = useLingui()
  switch (action.type) {
    case 'popup':
      return (
        <>
          <VariableText
            label={t`Title`}
            rows={1}
            listId={listId}
            value={action.title}
            onChange={(title) => onChange({ ...action, title })}
          />
          <VariableText
            label={t`Text`}
            listId={listId}
            value={action.text}
            onChange={(text) => onChange({ ...action, text })}
          />
        </>
      )
    case 'open-url':
      return (
        <VariableText
          label={t`Address`}
          rows={1}
          description={t`The agent opens it by a button. Variables stand after the host.`}
          listId={listId}
          value={action.url}
          onChange={(url) => onChange({ ...action, url })}
        />
      )
    case 'web-request':
      return (
        <>
          <Select
            label={t`Method`}
            options={(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const).map((id) => ({ id, label: id }))}
            value={action.method}
            onChange={(method) => onChange({ ...action, method })}
          />
          <VariableText
            label={t`Address`}
            rows={1}
            description={t`Variables stand after the host.`}
            listId={listId}
            value={action.url}
            onChange={(url) => onChange({ ...action, url })}
          />
          <RequestHeaders
            headers={action.headers}
            isKept={isKept}
            onChange={(headers) => {
              const { headers: _, ...rest } = action
              onChange(headers ? { ...rest, headers } : rest)
            }}
          />
          <VariableText
            label={t`Body`}
            description={t`Empty: the message as JSON.`}
            listId={listId}
            value={action.body ?? ''}
            onChange={(body) => onChange(withBody(action, body))}
          />
        </>
      )
    case 'tag':
      return <TagPicker value={action.tagIds} onChange={(tagIds) => onChange({ ...action, tagIds })} />
    case 'queue':
      return (
        <QueuePicker
          value={action.queueId || null}
          onChange={(queueId) => onChange({ ...action, queueId })}
        />
      )
  }
}

function isKept(saved: readonly TriggerAction[], header: string): boolean {
  const headers = saved.flatMap((action) => (action.type === 'web-request' ? (action.headers ?? []) : []))
  return headers.some(({ name, value }) => value === null && name.toLowerCase() === header.toLowerCase())
}

function withBody(action: Extract<TriggerAction, { type: 'web-request' }>, body: string): TriggerAction {
  const { body: _, ...rest } = action
  return body ? { ...rest, body } : rest
}

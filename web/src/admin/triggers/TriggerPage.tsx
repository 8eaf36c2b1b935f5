/** One trigger: when it fires, what it does, whether it would. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useId } from '../../shell/useId.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { useRemove } from '../common/useRemove.ts'
import { triggerQuery } from './queries.ts'
import { TriggerForm } from './TriggerForm.tsx'

export function TriggerPage() {
  const { t } = useLingui()
  const id = useId()
  const trigger = useQuery(triggerQuery(id))
  const remove = useRemove('DELETE /api/openchannel/triggers/:id', id, {
    keys: ['triggers'],
    to: '/admin/triggers',
  })
  if (!trigger.data) return <Waiting error={trigger.error} />
  const { name, enabled } = trigger.data
  return (
    <AdminPage
      back={{ href: '/admin/triggers', label: t`Triggers` }}
      history={{ object: 'trigger', id }}
      title={name}
      tags={enabled ? <Tag tone="ok">{t`On`}</Tag> : <Tag tone="neutral">{t`Off`}</Tag>}
      calls={[
        { key: 'GET /api/openchannel/triggers/:id', params: { id } },
        { key: 'PATCH /api/openchannel/triggers/:id', params: { id }, body: { enabled: true } },
      ]}
    >
      <TriggerForm key={id} trigger={trigger.data} reload={trigger.refetch} />
      <Confirm
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this trigger</Trans>
          </Button>
        }
        title={t`Delete ${name}?`}
        confirm={t`Delete the trigger`}
        typeToConfirm={name}
        onConfirm={remove}
      >
        <Trans>It fires no more, and what it still shows to agents goes with it.</Trans>
      </Confirm>
    </AdminPage>
  )
}

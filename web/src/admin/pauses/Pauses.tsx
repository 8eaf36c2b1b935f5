/** Pauses that agents choose from, and the rules of presence. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Pause } from '@patchbay/protocol/api/presence.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Coffee, Pencil, Plus, Trash2 } from 'lucide-react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { usePauseWords } from '../../shell/presence.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { pausesQuery, presenceRulesQuery } from '../common/queries.ts'
import { useRemove } from '../common/useRemove.ts'
import { PauseDialog } from './PauseDialog.tsx'
import { RulesForm } from './RulesForm.tsx'

export function Pauses() {
  const { t } = useLingui()
  const words = usePauseWords()
  const pauses = useQuery(pausesQuery)
  const rules = useQuery(presenceRulesQuery)
  const isEmpty = pauses.data?.length === 0
  const add = (
    <PauseDialog
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>New pause</Trans>
        </Button>
      }
    />
  )
  return (
    <AdminPage
      history={{ object: 'pause' }}
      title={t`Pauses`}
      description={t`Why an agent takes no offers for a while. Who was in one keeps its words when it is renamed or deleted.`}
      calls={[
        { key: 'GET /api/openchannel/pauses' },
        { key: 'POST /api/openchannel/pauses', body: { name: 'Coaching', minutes: 30 } },
        { key: 'PUT /api/openchannel/presence-rules', body: { pauseNeedsReason: true } },
      ]}
      actions={isEmpty ? undefined : add}
    >
      {pauses.isError ? (
        <Failed error={pauses.error} onRetry={() => void pauses.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<Pause, number>
            label={t`Pauses`}
            rows={pauses.data}
            rowId={({ id }) => id}
            empty={
              <EmptyState icon={<Coffee aria-hidden />} title={t`No pause yet`} action={add}>
                <Trans>Such as break, lunch or training.</Trans>
              </EmptyState>
            }
            columns={[
              { id: 'name', title: t`Name`, cell: ({ key, name }) => <bdi>{words(key ?? name)}</bdi> },
              {
                id: 'minutes',
                title: t`Usually takes`,
                align: 'end',
                priority: 'low',
                cell: ({ minutes }) => (minutes === null ? '' : t`${minutes} min`),
              },
              {
                id: 'actions',
                title: t`Actions`,
                isTitleHidden: true,
                align: 'end',
                cell: (pause) => <Actions pause={pause} all={pauses.data ?? []} />,
              },
            ]}
          />
        </Card>
      )}
      {rules.data ? <RulesForm rules={rules.data} reload={rules.refetch} /> : null}
    </AdminPage>
  )
}

function Actions({ pause, all }: { pause: Pause; all: readonly Pause[] }) {
  const { t } = useLingui()
  const words = usePauseWords()
  const client = useQueryClient()
  const problem = useProblem()
  const name = words(pause.key ?? pause.name)
  const remove = useRemove('DELETE /api/openchannel/pauses/:id', pause.id, { keys: ['pauses'] })
  const at = all.findIndex(({ id }) => id === pause.id)
  const move = async (by: -1 | 1) => {
    const order = all.filter(({ id }) => id !== pause.id)
    order.splice(at + by, 0, pause)
    try {
      for (const [index, { id, place }] of order.entries())
        if (place !== index + 1)
          await api('PATCH /api/openchannel/pauses/:id', { params: { id }, body: { place: index + 1 } })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
    }
    await client.invalidateQueries({ queryKey: ['pauses'] })
  }
  return (
    <span className="inline-flex">
      <IconButton
        label={t`Move ${name} up`}
        icon={<ArrowUp aria-hidden />}
        isDisabled={at <= 0}
        onPress={() => void move(-1)}
      />
      <IconButton
        label={t`Move ${name} down`}
        icon={<ArrowDown aria-hidden />}
        isDisabled={at >= all.length - 1}
        onPress={() => void move(1)}
      />
      <PauseDialog
        pause={pause}
        trigger={<IconButton label={t`Change ${name}`} icon={<Pencil aria-hidden />} />}
      />
      <Confirm
        trigger={<IconButton label={t`Delete ${name}`} icon={<Trash2 aria-hidden />} />}
        title={t`Delete ${name}?`}
        confirm={t`Delete the pause`}
        onConfirm={remove}
      >
        <Trans>Nobody can choose it any more. Who is in it or was, keeps its words.</Trans>
      </Confirm>
    </span>
  )
}

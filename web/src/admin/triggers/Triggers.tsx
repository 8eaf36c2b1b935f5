/** All triggers in their order: what each does, whether it is on. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Trigger } from '@patchbay/protocol/api/triggers.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Zap } from 'lucide-react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { IconButton, TextLink } from '../../ui/Button.tsx'
import { Switch } from '../../ui/Choice.tsx'
import { SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { SortList } from '../../ui/SortList.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { NameDialog } from '../common/NameDialog.tsx'
import { triggerQuery, triggersQuery } from './queries.ts'
import { useSentence } from './sentence.ts'

export function Triggers() {
  const { t } = useLingui()
  const triggers = useQuery(triggersQuery)
  const client = useQueryClient()
  const problem = useProblem()
  const onError = (error: Error) => toast(problem(error), { tone: 'bad' })
  const onSettled = () => client.invalidateQueries({ queryKey: ['triggers'] })
  const order = useMutation({
    mutationFn: (ids: number[]) => api('PUT /api/openchannel/triggers/order', { body: { ids } }),
    onError,
    onSettled,
  })
  const rows = triggers.data ?? []
  const move = (from: number, to: number) => {
    const one = rows[from]
    if (!one) return
    const rest = rows.toSpliced(from, 1)
    order.mutate(rest.toSpliced(to > from ? to - 1 : to, 0, one).map(({ id }) => id))
  }
  const isEmpty = triggers.data?.length === 0
  return (
    <AdminPage
      title={t`Triggers`}
      description={t`What happens besides the routing when a message comes in or goes out. They are looked at from the top.`}
      calls={[{ key: 'GET /api/openchannel/triggers' }]}
      actions={isEmpty ? undefined : <NewTrigger />}
    >
      {triggers.isError ? (
        <Failed error={triggers.error} onRetry={() => void triggers.refetch()} />
      ) : !triggers.data ? (
        <SkeletonLines lines={4} />
      ) : isEmpty ? (
        <Card>
          <EmptyState icon={<Zap aria-hidden />} title={t`No trigger yet`} action={<NewTrigger />}>
            <Trans>
              A trigger looks at messages and, where its conditions hold, shows the agent something, calls a
              service, tags or moves the interaction.
            </Trans>
          </EmptyState>
        </Card>
      ) : (
        <SortList items={rows} keyOf={({ id }) => String(id)}>
          {(trigger, at) => (
            <Row trigger={trigger} at={at} isLast={at === rows.length - 1} onMove={(to) => move(at, to)} />
          )}
        </SortList>
      )}
    </AdminPage>
  )
}

interface RowProps {
  trigger: Trigger
  at: number
  isLast: boolean
  onMove: (to: number) => void
}

function Row({ trigger, at, isLast, onMove }: RowProps) {
  const { t } = useLingui()
  const { id, name, enabled, always, fired } = trigger
  const client = useQueryClient()
  const problem = useProblem()
  const sentence = useSentence()
  const turn = useMutation({
    mutationFn: (on: boolean) =>
      api('PATCH /api/openchannel/triggers/:id', { params: { id }, body: { enabled: on } }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['triggers'] }),
  })
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2">
          <TextLink href={`/admin/triggers/${id}`} className="min-w-0 font-medium">
            <bdi>{name}</bdi>
          </TextLink>
          {always ? <Tag tone="warn">{t`Always`}</Tag> : null}
        </span>
        <p className="text-text-2">{sentence(trigger)}</p>
        <p className="text-small text-text-2">
          <Plural value={fired} _0="Never fired yet" one="Fired once" other="Fired # times" />
        </p>
      </div>
      <span className="flex flex-none items-center">
        <Switch
          isSelected={enabled}
          onChange={turn.mutate}
          isDisabled={turn.isPending}
          aria-label={t`${name} is on`}
        >
          {''}
        </Switch>
        <IconButton
          label={t`Move ${name} up`}
          icon={<ArrowUp aria-hidden />}
          isDisabled={at === 0}
          onPress={() => onMove(at - 1)}
        />
        <IconButton
          label={t`Move ${name} down`}
          icon={<ArrowDown aria-hidden />}
          isDisabled={isLast}
          onPress={() => onMove(at + 2)}
        />
      </span>
    </div>
  )
}

function NewTrigger() {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <NameDialog
      verb={t`New trigger`}
      description={t`Such as Refunds or Important customers. It is off until you switch it on.`}
      onSave={async (name) => {
        const trigger = await api('POST /api/openchannel/triggers', {
          body: {
            name,
            enabled: false,
            actions: [
              {
                type: 'popup',
                title: '{{contact.firstName}} {{contact.lastName}}',
                text: '{{message.body}}',
              },
            ],
          },
        })
        client.setQueryData(triggerQuery(trigger.id).queryKey, trigger)
        void client.invalidateQueries({ queryKey: triggersQuery.queryKey })
        await navigate({ href: `/admin/triggers/${trigger.id}` })
      }}
    />
  )
}

/** Disabling somebody: where he is used, and who gets what he has. */
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { HandedOver, HandOver, User } from '@patchbay/protocol/api/people.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Checkbox, RadioGroup } from '../../ui/Choice.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { Confirm, type ConfirmProps } from '../../ui/Confirm.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { toast } from '../../ui/Toast.tsx'
import { queuesQuery, usersQuery, userUsesQuery } from '../common/queries.ts'
import { UseList } from '../common/UseList.tsx'
import { useSaveUser } from './useSaveUser.ts'

interface DisableProps extends Required<Pick<ConfirmProps, 'title' | 'confirm' | 'trigger'>> {
  user: User
  /** He is disabled already: leaving everything would do nothing. */
  mustHandOver?: boolean
  children?: ReactNode
}

type To = 'leave' | 'queue' | 'agent' | 'reroute'

export function Disable({ user, mustHandOver = false, children, ...words }: DisableProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const outcome = useOutcome()
  const save = useSaveUser(user.id)
  const [isOpen, setOpen] = useState(false)
  const known = useQuery({ ...userUsesQuery(user.id), enabled: isOpen })
  const uses = known.data?.rows ?? []
  const [to, setTo] = useState<To>(mustHandOver ? 'queue' : 'leave')
  const [queueId, setQueue] = useState<number | null>(null)
  const [userId, setUser] = useState<number | null>(null)
  const [steps, setSteps] = useState(true)
  const rings = uses.some(({ place }) => place === 'flow')

  const handOver = handOverOf({ to, queueId, userId, steps: steps && rings })
  const disable = async () => {
    try {
      const { handedOver } = await save({ disabled: true, ...(handOver && { handOver }) })
      toast(handedOver ? outcome(handedOver) : t`${user.fullname} is disabled.`, { tone: 'ok' })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
    void client.invalidateQueries({ queryKey: userUsesQuery(user.id).queryKey })
  }
  return (
    <Confirm
      {...words}
      isHarmless={mustHandOver}
      onOpenChange={setOpen}
      isDisabled={!known.data || (to !== 'leave' && !handOver)}
      onConfirm={disable}
    >
      <div className="flex flex-col gap-3">
        {children ? <p>{children}</p> : null}
        {known.isError && !known.data ? (
          <Failed error={known.error} onRetry={() => void known.refetch()} />
        ) : null}
        {known.isLoading ? <SkeletonLines lines={2} /> : null}
        {uses.length > 0 ? (
          <>
            <p>
              <Trans>In use:</Trans>
            </p>
            <UseList uses={uses} isAgents />
          </>
        ) : null}
        {uses.some(({ mustMove }) => mustMove) ? (
          <>
            <RadioGroup
              label={t`Open interactions`}
              value={to}
              onChange={(value) => setTo(value as To)}
              options={[
                ...(mustHandOver
                  ? []
                  : [
                      {
                        id: 'leave',
                        label: t`Leave them`,
                        description: t`Each is routed again when its customer writes.`,
                      },
                    ]),
                { id: 'queue', label: t`To a queue` },
                { id: 'agent', label: t`To a colleague` },
                {
                  id: 'reroute',
                  label: t`Route them again now`,
                  description: t`The steps of their accounts run from the beginning, automatic replies included.`,
                },
              ]}
            />
            {to === 'queue' ? <Queue value={queueId} onChange={setQueue} /> : null}
            {to === 'agent' ? <Colleague of={user} value={userId} onChange={setUser} /> : null}
            {to === 'agent' && rings ? (
              <Checkbox isSelected={steps} onChange={setSteps}>
                <Trans>Steps that ring {user.fullname} ring this colleague from now on</Trans>
              </Checkbox>
            ) : null}
          </>
        ) : null}
      </div>
    </Confirm>
  )
}

function handOverOf({
  to,
  queueId,
  userId,
  steps,
}: {
  to: To
  queueId: number | null
  userId: number | null
  steps: boolean
}): HandOver | undefined {
  if (to === 'reroute') return { reroute: true }
  if (to === 'queue' && queueId !== null) return { queueId }
  if (to === 'agent' && userId !== null) return { userId, ...(steps && { steps }) }
  return undefined
}

interface ChoiceProps {
  value: number | null
  onChange: (id: number | null) => void
}

function Queue(props: ChoiceProps) {
  const { t } = useLingui()
  const queues = useQuery(queuesQuery).data ?? []
  return (
    <ComboBox {...props} label={t`Queue`} options={queues.map(({ id, name }) => ({ id, label: name }))} />
  )
}

function Colleague({ of, ...props }: ChoiceProps & { of: User }) {
  const { t } = useLingui()
  const users = useQuery(usersQuery).data ?? []
  return (
    <ComboBox
      {...props}
      label={t`Colleague`}
      description={t`What this colleague may not answer is routed again.`}
      options={users
        .filter(({ id, disabled }) => id !== of.id && !disabled)
        .map(({ id, fullname }) => ({ id, label: fullname }))}
    />
  )
}

function useOutcome() {
  const { t } = useLingui()
  return ({ interactions, waiting, rerouted }: HandedOver) => {
    const moved = interactions + waiting - rerouted
    const words = [
      t`${plural(moved, { one: '# interaction was handed over.', other: '# interactions were handed over.' })}`,
      t`${plural(rerouted, { one: '# is routed again.', other: '# are routed again.' })}`,
    ]
    return words.filter((_, at) => (at === 0 ? moved > 0 || rerouted === 0 : rerouted > 0)).join(' ')
  }
}

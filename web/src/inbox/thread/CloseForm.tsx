/** How it ended: typing finds, the recent ones on top, Enter closes. Loaded on first use. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { dispositions } from '../../live/dispositions.ts'
import { Failed } from '../../shell/Failed.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { PickList, type PickOption } from '../../ui/PickList.tsx'
import CloseAtOnce from './CloseAtOnce.tsx'
import { endingsQuery } from './endings.ts'
import { useClosing } from './useClosing.ts'

const NONE = 0

interface CloseFormProps {
  id: number
  onGone: () => void
  onStay: () => void
}

export default function CloseForm({ id, onGone, onStay }: CloseFormProps) {
  const { t } = useLingui()
  const endings = useQuery(endingsQuery(id))
  const recent = dispositions.use()
  // A refusal leaves the form as it is, so that another one can be chosen.
  const { close, isPending } = useClosing(id, onGone, () => {})
  if (endings.isError && !endings.data)
    return <Failed error={endings.error} onRetry={() => void endings.refetch()} />
  if (!endings.data)
    return (
      <div className="asks">
        <SkeletonLines lines={3} />
      </div>
    )
  const { rows, required } = endings.data
  if (rows.length === 0) return <CloseAtOnce id={id} onGone={onGone} onStay={onStay} />
  const lately = recent.flatMap((path) => rows.find((row) => row.path === path) ?? [])
  const options: PickOption<number>[] = [
    ...lately.map((row) => ({ id: row.id, label: row.path, note: t`lately` })),
    ...rows.filter((row) => !lately.includes(row)).map((row) => ({ id: row.id, label: row.path })),
    ...(required ? [] : [{ id: NONE, label: t`Close without saying` }]),
  ]
  return (
    <PickList
      label={t`How did it end?`}
      description={required ? t`Needed to close it` : undefined}
      options={options}
      isPending={isPending}
      onPick={(chosen) => close(rows.find((row) => row.id === chosen) ?? null)}
    />
  )
}

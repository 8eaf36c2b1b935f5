/** Queues, colleagues or teams to choose one from, each with how busy it is. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Name } from '../ui/Bidi.tsx'
import { Dot, SkeletonLines, Tag } from '../ui/Mark.tsx'
import type { Target } from './useTargets.ts'

interface TargetListProps {
  targets: readonly Target[]
  isLoading: boolean
  chosen: number | undefined
  onChoose: (id: number) => void
}

export function TargetList({ targets, isLoading, chosen, onChoose }: TargetListProps) {
  const { t } = useLingui()
  return (
    <div className="transfer-list" role="radiogroup" aria-label={t`Transfer to`}>
      {isLoading ? (
        <div className="p-3">
          <SkeletonLines lines={4} />
        </div>
      ) : null}
      {targets.map(({ id, label, words, tone }) => (
        <label key={id} className="transfer-line">
          <input
            type="radio"
            name="target"
            className="visually-hidden"
            checked={id === chosen}
            onChange={() => onChoose(id)}
          />
          <span className="truncate">
            <Name>{label}</Name>
          </span>
          <Tag tone={tone} icon={tone === 'neutral' ? undefined : <Dot tone={tone} />}>
            {words}
          </Tag>
        </label>
      ))}
      {!isLoading && targets.length === 0 ? (
        <p className="p-3 text-text-2">
          <Trans>Nothing matches</Trans>
        </p>
      ) : null}
    </div>
  )
}

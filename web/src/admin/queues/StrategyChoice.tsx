/** The ways to ring, each with a picture and words. */
import { useLingui } from '@lingui/react/macro'
import type { Control, FieldPath, FieldValues } from 'react-hook-form'
import { FormRadio } from '../../ui/FormFields.tsx'

export function StrategyChoice<T extends FieldValues & { strategy: string }>({
  control,
  label,
}: {
  control: Control<T>
  label: string
}) {
  const { t } = useLingui()
  return (
    <div className="strategies">
      <FormRadio
        {...{ control, name: 'strategy' as FieldPath<T> }}
        label={label}
        options={[
          {
            id: 'rrmemory',
            label: t`One after the other`,
            description: (
              <Picture
                rung={[1]}
                words={t`Rings the next agent after the one rung last; without an answer, the next. Everybody gets a fair share.`}
              />
            ),
          },
          {
            id: 'leastrecent',
            label: t`Longest without one`,
            description: (
              <Picture
                rung={[2]}
                bars={[2, 1, 5]}
                words={t`Rings who was given an interaction longest ago. Rest is shared evenly.`}
              />
            ),
          },
          {
            id: 'fewestactive',
            label: t`Fewest at hand`,
            description: (
              <Picture
                rung={[0]}
                bars={[1, 4, 3]}
                words={t`Rings who has the fewest interactions at the moment. Work is shared evenly.`}
              />
            ),
          },
          {
            id: 'beepall',
            label: t`All at once`,
            description: (
              <Picture
                rung={[0, 1, 2]}
                words={t`Rings every free agent; the first who accepts has it. Quickest for the customer.`}
              />
            ),
          },
        ]}
      />
    </div>
  )
}

interface PictureProps {
  rung: readonly number[]
  /** How long each rested, or how much he has. */
  bars?: readonly number[]
  words: string
}

/** Three agents, of whom some ring. */
function Picture({ rung, bars, words }: PictureProps) {
  return (
    <span className="flex flex-col gap-2">
      <svg viewBox="0 0 132 40" className="h-10 w-33 self-start" aria-hidden>
        {[0, 1, 2].map((at) => (
          <g key={at} transform={`translate(${22 + at * 44} 20)`}>
            {rung.includes(at) ? (
              <circle r="18" className="fill-none stroke-accent" strokeWidth="2" strokeDasharray="4 3" />
            ) : null}
            <circle r="12" className={rung.includes(at) ? 'fill-accent' : 'fill-border-strong'} />
            <circle cy="-3" r="4" className="fill-surface" />
            {bars ? (
              <rect
                x="20"
                y={16 - 6 * (bars[at] ?? 0)}
                width="4"
                height={6 * (bars[at] ?? 0)}
                className="fill-border-strong"
              />
            ) : null}
            <path d="M-7 8a7 6 0 0 1 14 0z" className="fill-surface" />
          </g>
        ))}
      </svg>
      {words}
    </span>
  )
}

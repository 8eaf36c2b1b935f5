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

/** Three agents, of whom some ring. */
function Picture({ rung, words }: { rung: readonly number[]; words: string }) {
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
            <path d="M-7 8a7 6 0 0 1 14 0z" className="fill-surface" />
          </g>
        ))}
      </svg>
      {words}
    </span>
  )
}

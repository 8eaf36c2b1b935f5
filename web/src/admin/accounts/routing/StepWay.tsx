/** When the sample message came to a step, in which place of its way, and what became of it there. */
import { useLingui } from '@lingui/react/macro'
import type { StepOutcome, TriedStep } from '@patchbay/protocol/api/actions.ts'
import {
  CircleAlert,
  CircleCheck,
  CornerDownRight,
  Hourglass,
  type LucideIcon,
  SkipForward,
} from 'lucide-react'
import { Suspense } from 'react'
import { lazyWith } from '../../../shell/words.ts'
import { Tag } from '../../../ui/Mark.tsx'
import type { Tone } from '../../../ui/tone.ts'

const SaidWords = lazyWith('why', () => import('../../../why/SaidWords.tsx'))

/** A circle comes to the same step again and again. */
const mostVisits = 5

export interface Visit extends TriedStep {
  /** Its place on the way, from 1. */
  nr: number
}

const looks: Record<StepOutcome, { tone: Tone; Icon: LucideIcon }> = {
  ran: { tone: 'ok', Icon: CircleCheck },
  'passed-over': { tone: 'neutral', Icon: SkipForward },
  'would-wait': { tone: 'info', Icon: Hourglass },
  jumped: { tone: 'accent', Icon: CornerDownRight },
  failed: { tone: 'bad', Icon: CircleAlert },
}

export function StepWay({ visits, nameOf }: { visits: readonly Visit[]; nameOf: (id: string) => string }) {
  const { t } = useLingui()
  const words: Record<StepOutcome, string> = {
    ran: t`Done`,
    'passed-over': t`Passed over`,
    'would-wait': t`Waits here`,
    jumped: t`Jumps`,
    failed: t`Fails`,
  }
  return (
    <ol className="flex flex-col gap-2" aria-label={t`The way of the sample message`}>
      {visits.slice(0, mostVisits).map((visit) => {
        const { tone, Icon } = looks[visit.outcome]
        return (
          <li key={visit.nr} className="flex flex-wrap items-center gap-2">
            <Tag tone={tone} icon={<Icon aria-hidden />}>
              {`${visit.nr}. ${words[visit.outcome]}`}
            </Tag>
            <span className="min-w-0 text-small text-text-2">
              <Suspense fallback={<bdi>{visit.words}</bdi>}>
                <SaidWords said={visit.said} words={visit.words} nameOf={nameOf} />
              </Suspense>
              {visit.outcome === 'jumped' && !visit.said ? (
                <>
                  {' → '}
                  <bdi>{visit.next === null ? t`The end of the flow` : nameOf(visit.next)}</bdi>
                </>
              ) : null}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** How agents are picked, in one sentence. */
import { Trans } from '@lingui/react/macro'

interface StrategyProps {
  of: 'queue' | 'agent' | 'team'
  strategy: string | null
}

export function Strategy(props: StrategyProps) {
  return (
    <p className="text-text-2">
      <Words {...props} />
    </p>
  )
}

function Words({ of, strategy }: StrategyProps) {
  if (of === 'agent') return <Trans>It waits for this agent alone.</Trans>
  if (of === 'team') return <Trans>All free agents of the team are asked at once.</Trans>
  switch (strategy) {
    case 'beepall':
      return <Trans>All free agents are asked at once; the first to accept has it.</Trans>
    case 'leastrecent':
      return <Trans>Who was without an interaction longest is asked first.</Trans>
    case 'fewestactive':
      return <Trans>Who has the fewest interactions is asked first.</Trans>
    default:
      return <Trans>The next after the one asked last is asked.</Trans>
  }
}

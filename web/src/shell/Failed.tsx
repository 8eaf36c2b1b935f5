/** In place of rows that could not be fetched. */
import { Trans } from '@lingui/react/macro'
import { useProblem } from '../api/useProblem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = useProblem()
  return (
    <Banner
      tone="bad"
      action={
        <Button size="small" onPress={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {problem(error)}
    </Banner>
  )
}

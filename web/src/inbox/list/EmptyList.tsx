/** What stands in place of rows: why there are none, and what would fill the list. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import type { Rows } from './useRows.ts'

interface EmptyListProps {
  view: View
  state: Rows['state']
  isFiltered: boolean
  onRetry: () => void
}

export function EmptyList({ view, state, isFiltered, onRetry }: EmptyListProps) {
  const { t } = useLingui()
  if (state === 'loading') {
    return (
      <div className="p-4">
        <SkeletonLines lines={8} />
      </div>
    )
  }
  if (state === 'error') {
    return (
      <EmptyState
        title={t`The list could not be fetched`}
        action={<Button onPress={onRetry}>{t`Try again`}</Button>}
      />
    )
  }
  if (isFiltered) {
    return (
      <EmptyState title={t`Nothing matches`}>
        <Trans>Change the search or the filters.</Trans>
      </EmptyState>
    )
  }
  switch (view) {
    case 'mine':
      return (
        <EmptyState title={t`You are up to date`}>
          <Trans>Next offer will ring here.</Trans>
        </EmptyState>
      )
    case 'waiting':
      return (
        <EmptyState title={t`Nobody waits`}>
          <Trans>New interactions of your accounts appear here until somebody takes them.</Trans>
        </EmptyState>
      )
    case 'team':
      return (
        <EmptyState title={t`Your colleagues have nothing open`}>
          <Trans>What they work on appears here.</Trans>
        </EmptyState>
      )
    case 'closed':
      return (
        <EmptyState title={t`Nothing is closed yet`}>
          <Trans>Closed interactions stay here and can be reopened.</Trans>
        </EmptyState>
      )
  }
}

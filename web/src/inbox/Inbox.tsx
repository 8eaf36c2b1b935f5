/** The desk where agents answer. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Inbox as InboxIcon } from 'lucide-react'
import { EmptyState } from '../ui/Page.tsx'

export function Inbox() {
  const { t } = useLingui()
  return (
    <EmptyState icon={<InboxIcon aria-hidden />} title={t`You are up to date`}>
      <Trans>Next offer will ring here.</Trans>
    </EmptyState>
  )
}

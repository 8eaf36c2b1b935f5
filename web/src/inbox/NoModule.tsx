/** In the place of the inbox, for who may not open it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { EmptyState } from '../ui/Page.tsx'

export default function NoModule() {
  const { t } = useLingui()
  return (
    <div className="grid h-full place-items-center">
      <EmptyState title={t`Your role does not include Open Channel`}>
        <Trans>Ask an admin for the permission.</Trans>
      </EmptyState>
    </div>
  )
}

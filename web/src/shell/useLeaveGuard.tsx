/** Asks before a page with unsaved changes is left within the desk. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../ui/Confirm.tsx'

/** Render the answer somewhere on the page. */
export function useLeaveGuard(isDirty: boolean) {
  const { t } = useLingui()
  // Leaving the site itself is guarded by the save bar.
  const blocker = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: false, withResolver: true })
  return (
    <Confirm
      isOpen={blocker.status === 'blocked'}
      onOpenChange={(isOpen) => {
        if (!isOpen && blocker.status === 'blocked') blocker.reset()
      }}
      title={t`Leave without saving?`}
      confirm={t`Leave`}
      onConfirm={() => {
        if (blocker.status === 'blocked') blocker.proceed()
      }}
    >
      <Trans>Your changes on this page will be lost.</Trans>
    </Confirm>
  )
}

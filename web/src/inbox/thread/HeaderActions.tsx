/** The buttons of the thread's head. Drawn again only when what can be done differs, not with every interaction that is opened. */
import { useLingui } from '@lingui/react/macro'
import { ArrowLeftRight, Hand } from 'lucide-react'
import { memo } from 'react'
import { Button } from '../../ui/Button.tsx'
import { CloseMenu } from './CloseMenu.tsx'

interface HeaderActionsProps {
  /** Nobody has it. */
  isFree: boolean
  isTaking: boolean
  /** The interaction that is being closed. */
  closingId: number | undefined
  setClosing: (isOpen: boolean) => void
  onTake: () => void
  onTransfer: () => void
  onClosed: (id: number) => void
}

export const HeaderActions = memo(function HeaderActions({
  isFree,
  isTaking,
  closingId,
  setClosing,
  onTake,
  onTransfer,
  onClosed,
}: HeaderActionsProps) {
  const { t } = useLingui()
  return (
    <>
      {isFree ? (
        <Button variant="primary" icon={<Hand aria-hidden />} isPending={isTaking} onPress={onTake}>
          {t`Take`}
        </Button>
      ) : null}
      <Button
        icon={<ArrowLeftRight aria-hidden />}
        className="thread-action"
        aria-label={t`Transfer`}
        onPress={onTransfer}
      >
        <span className="thread-action-word">{t`Transfer`}</span>
      </Button>
      <CloseMenu id={closingId} onOpenChange={setClosing} onClosed={onClosed} />
    </>
  )
})

/** The contact panel where there is no room beside the thread. */
import { useLingui } from '@lingui/react/macro'
import { Drawer } from '../../ui/Dialog.tsx'
import Panel, { type PanelProps } from './Panel.tsx'

export default function PanelDrawer({
  onOpenChange,
  ...panel
}: PanelProps & { onOpenChange: (isOpen: boolean) => void }) {
  const { t } = useLingui()
  return (
    <Drawer title={t`Contact`} size="panel" isOpen onOpenChange={onOpenChange}>
      <div className="panel-in-drawer">
        <Panel {...panel} />
      </div>
    </Drawer>
  )
}

/** What can be done with one disposition, by buttons: whatever dragging can do stands here too. */
import { useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { ArrowDown, ArrowUp, Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'

interface LineActionsProps {
  row: Disposition
  isLast: boolean
  onMove: (position: number) => void
  onAdd: () => void
  onChange: () => void
  onDelete: () => void
}

const LEVELS = 3

export function LineActions({ row, isLast, onMove, onAdd, onChange, onDelete }: LineActionsProps) {
  const { t } = useLingui()
  const { name, position } = row
  return (
    <>
      {row.level < LEVELS ? (
        <IconButton size="small" label={t`Add below ${name}`} icon={<Plus aria-hidden />} onPress={onAdd} />
      ) : null}
      <IconButton
        size="small"
        label={t`Rename or move ${name}`}
        icon={<Pencil aria-hidden />}
        onPress={onChange}
      />
      <Menu
        label={t`More for ${name}`}
        placement="bottom end"
        trigger={<IconButton size="small" label={t`More for ${name}`} icon={<Ellipsis aria-hidden />} />}
        items={[
          {
            id: 'up',
            label: t`Move up`,
            icon: <ArrowUp aria-hidden />,
            isDisabled: position === 0,
            onAction: () => onMove(position - 1),
          },
          {
            id: 'down',
            label: t`Move down`,
            icon: <ArrowDown aria-hidden />,
            isDisabled: isLast,
            onAction: () => onMove(position + 1),
          },
          'separator',
          { id: 'delete', label: t`Delete…`, icon: <Trash2 aria-hidden />, tone: 'bad', onAction: onDelete },
        ]}
      />
    </>
  )
}

/** What opens above the page. */
import { ArrowLeftRight, Ban, Ellipsis, Inbox, Tag as TagIcon } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Dialog, Drawer } from '../ui/Dialog.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import { Menu } from '../ui/Menu.tsx'
import { Card, EmptyState } from '../ui/Page.tsx'
import { Palette } from '../ui/Palette.tsx'
import { Popover } from '../ui/Popover.tsx'
import { StatTile } from '../ui/StatTile.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'

export function Overlays() {
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  return (
    <Card title="Overlays, tiles, empty">
      <div className="flex flex-wrap gap-2">
        <Menu
          label="More"
          trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} />}
          items={[
            { id: 'transfer', label: 'Transfer…', icon: <ArrowLeftRight aria-hidden />, keys: 't' },
            { id: 'tag', label: 'Tag…', icon: <TagIcon aria-hidden />, keys: 'l' },
            'separator',
            { id: 'block', label: 'Block the contact…', icon: <Ban aria-hidden />, tone: 'bad' },
          ]}
        />
        <Popover label="Filter" trigger={<Button>Popover</Button>}>
          <div className="p-4">
            <TextField label="Tag" />
          </div>
        </Popover>
        <Dialog
          title="New account"
          trigger={<Button>Dialog</Button>}
          footer={(close) => (
            <Button variant="primary" size="large" onPress={close}>
              Make
            </Button>
          )}
        >
          <TextField label="Name" autoFocus />
        </Dialog>
        <Confirm
          title="Delete Sales IT?"
          confirm="Delete"
          typeToConfirm="Sales IT"
          onConfirm={() => {}}
          trigger={<Button>Confirm</Button>}
        >
          12 agents and 3 accounts use it.
        </Confirm>
        <Drawer title="Attempt 3" trigger={<Button>Drawer</Button>}>
          <SkeletonLines />
        </Drawer>
        <Button onPress={() => setPaletteOpen(true)}>Palette</Button>
        <Button onPress={() => toast('Closed: Solved', { action: { label: 'Undo', onPress: () => {} } })}>
          Toast
        </Button>
        <Button onPress={() => toast('Not saved: the name is taken', { tone: 'bad' })}>Failure</Button>
      </div>
      <Palette
        isOpen={isPaletteOpen}
        onOpenChange={setPaletteOpen}
        groups={[
          {
            title: 'Go to',
            items: [{ id: 'inbox', label: 'Inbox', icon: <Inbox aria-hidden />, keys: 'g i', run: () => {} }],
          },
          {
            title: 'Contacts',
            items: [
              {
                id: 'giulia',
                label: 'Giulia Ferri',
                description: '+39 347 555 0142',
                keywords: 'phone',
                run: () => {},
              },
            ],
          },
        ]}
      />
      <div className="grid grid-cols-2 gap-3">
        <StatTile
          label="Service level (last 30 min)"
          value="74 %"
          tone="warn"
          trend="down"
          target="target 80 % in 60 s"
          history={[80, 79, 79, 78, 79, 76, 74]}
        />
        <StatTile
          label="Waiting now"
          value="12"
          tone="bad"
          trend="up"
          target="max 8"
          history={[3, 4, 4, 6, 9, 12]}
          href="#waiting"
        />
        <StatTile label="First reply (today)" value="1:06" target="target 1:30" history={[70, 72, 71, 66]} />
        <StatTile label="Failed deliveries (1 h)" value="0" target="Reply URLs healthy" />
      </div>
      <EmptyState
        icon={<Inbox aria-hidden />}
        title="You are up to date"
        action={<Button>See closed ones</Button>}
      >
        Next offer will ring here.
      </EmptyState>
      <SkeletonLines />
    </Card>
  )
}

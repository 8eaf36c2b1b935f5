/** Buttons and tabs. */
import { Archive, Check, Clock, Paperclip, Send, Smile, StickyNote } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton, LinkButton, TextLink, ToggleIconButton } from '../ui/Button.tsx'
import { Card } from '../ui/Page.tsx'
import { Segments, TabLinks } from '../ui/Segments.tsx'
import { Tabs } from '../ui/Tabs.tsx'

export function Buttons() {
  const [isOn, setOn] = useState(true)
  const [mode, setMode] = useState<'reply' | 'note'>('reply')
  return (
    <Card title="Buttons and tabs">
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" iconEnd={<Send aria-hidden />}>
          Send
        </Button>
        <Button icon={<Check aria-hidden />}>Close</Button>
        <Button variant="quiet">Quiet</Button>
        <Button variant="danger">Delete</Button>
        <Button variant="primary" keys="alt+a">
          Accept
        </Button>
        <Button isDisabled>Disabled</Button>
        <Button variant="primary" isPending>
          Saving
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small">Small</Button>
        <Button size="large">Large</Button>
        <LinkButton href="#docs" icon={<Archive aria-hidden />}>
          Docs
        </LinkButton>
        <Button variant="text">Retry</Button>
        <TextLink href="#docs">Open in the inbox</TextLink>
      </div>
      <div className="flex items-center gap-1">
        <IconButton label="Attach files" icon={<Paperclip aria-hidden />} />
        <IconButton label="Emoji" icon={<Smile aria-hidden />} size="small" />
        <IconButton label="Snooze" icon={<Clock aria-hidden />} variant="secondary" keys="s" />
        <ToggleIconButton label="Note" icon={<StickyNote aria-hidden />} isSelected={isOn} onChange={setOn} />
      </div>
      <TabLinks
        label="Account"
        current="#connect"
        items={[
          { href: '#connect', label: 'Connect' },
          { href: '#settings', label: 'Settings' },
          { href: '#deliveries', label: 'Deliveries', count: 3 },
        ]}
      />
      <Tabs
        label="Views"
        items={[
          { id: 'mine', label: 'Mine', count: 5, content: <p className="text-text-2">Five are mine.</p> },
          { id: 'waiting', label: 'Waiting', count: 12, content: <p>Twelve wait.</p> },
          { id: 'closed', label: 'Closed', content: <p>Closed ones.</p> },
        ]}
      />
      <Segments
        label="Kind"
        selected={mode}
        onSelect={setMode}
        items={[
          { id: 'reply', label: 'Reply' },
          { id: 'note', label: 'Private note', icon: <StickyNote aria-hidden className="size-[13px]" /> },
        ]}
      />
    </Card>
  )
}

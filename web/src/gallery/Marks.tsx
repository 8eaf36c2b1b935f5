/** Tags, avatars, counts, bars, banners. */
import { Clock, Code, MessageCircle, Phone as PhoneIcon } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../ui/Avatar.tsx'
import { Banner } from '../ui/Banner.tsx'
import { Id, Name, Phone } from '../ui/Bidi.tsx'
import { Button } from '../ui/Button.tsx'
import { Kbd } from '../ui/Kbd.tsx'
import { Badge, Dot, Progress, Slots, Tag } from '../ui/Mark.tsx'
import { Card, DescriptionList } from '../ui/Page.tsx'
import { Ring } from '../ui/Ring.tsx'
import { TagList } from '../ui/TagList.tsx'
import { Elapsed, Time } from '../ui/Time.tsx'

const people = [
  'Giulia Ferri',
  'Tomás Herrera',
  'Amelia Novak',
  'Yusuf Demir',
  'Chloé Laurent',
  'Ravi Menon',
  'Mei Tanaka',
  'Omar Haddad',
]

export function Marks() {
  const [tags, setTags] = useState(['VIP', 'order-issue', 'newsletter'])
  const [start] = useState(() => Date.now())
  return (
    <Card title="Marks" meta="2 of 4 done">
      <div className="flex flex-wrap items-center gap-2">
        <Tag>Sales IT</Tag>
        <Tag tone="accent">VIP</Tag>
        <Tag tone="ok" icon={<Clock aria-hidden />}>
          11:05 left
        </Tag>
        <Tag tone="warn" icon={<Clock aria-hidden />}>
          2:40 left
        </Tag>
        <Tag tone="bad" icon={<Clock aria-hidden />}>
          Overdue 1:12
        </Tag>
        <Tag tone="info" icon={<Clock aria-hidden />}>
          Window closes in 21 h
        </Tag>
        <Badge count={2} label="2 unread" />
        <Badge count={120} label="120 unread" tone="bad" />
        <Badge count={3} label="3 more" tone="neutral" />
        <Kbd keys="mod+k" />
        <Dot tone="ok" /> Available
      </div>
      <div className="flex flex-wrap items-center gap-3">
        {people.map((name) => (
          <Avatar key={name} name={name} badge={<MessageCircle aria-hidden />} />
        ))}
        <Avatar name="+39 347 555 0142" badge={<PhoneIcon aria-hidden />} />
        <Avatar name="Nord shop app" shape="square" icon={<Code aria-hidden />} />
        <Avatar name="Giulia Ferri" size={48} isNamed />
      </div>
      <div className="flex flex-wrap items-center gap-4">
        <Ring endsAt={start + 14_000} totalMs={20_000} label="Incoming from Hana Kim, Telegram, 20 seconds" />
        <Ring endsAt={start + 4_000} totalMs={20_000} label="4 seconds left" />
        <Slots used={3} capacity={5} />
        <Slots used={7} capacity={20} />
        <div className="w-24">
          <Progress label="invoice-48213.pdf" value={0.64} />
        </div>
        <Time value={start - 3 * 60_000} />
        <Time value={start - 5 * 3_600_000} style="long" />
        <Time value="2024-10-12T08:04:00Z" />
        <Elapsed since={new Date(start - 5_050_000).toISOString()} />
      </div>
      <TagList
        label="Tags"
        items={tags.map((tag) => ({ id: tag, label: tag }))}
        onRemove={(id) => setTags(tags.filter((tag) => tag !== id))}
      />
      <DescriptionList
        items={[
          { term: 'Name', value: <Name>Giulia Ferri</Name> },
          { term: 'Phone', value: <Phone>+39 347 555 0142</Phone> },
          { term: 'E-mail', value: <Id>giulia.ferri@example.it</Id> },
          { term: 'City', value: '' },
        ]}
      />
      <Banner tone="warn" isInset action={<Button size="small">Resume</Button>}>
        You are paused. Nothing is offered to you.
      </Banner>
      <Banner tone="bad" isInset>
        Your proxy could not reach the app behind it. We retry at 10:13.
      </Banner>
      <Banner tone="info" isInset>
        Connected again. Catching up.
      </Banner>
      <Banner tone="ok" isInset>
        The message arrived: interaction 9812, waiting in Sales.
      </Banner>
    </Card>
  )
}

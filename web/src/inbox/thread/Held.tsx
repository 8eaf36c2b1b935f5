/** An answer was held back because the customer wrote meanwhile: what is new, and what to do with the answer. Loaded on first use. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { drop, type OutboxItem, sendAnyway } from '../../live/outbox.ts'
import { keysFor, useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { edit } from './PendingBubble.tsx'

const quoted = 3

interface HeldProps {
  item: OutboxItem
  items: readonly ThreadItem[]
  onDone: () => void
}

export default function Held({ item, items, onDone }: HeldProps) {
  const { t } = useLingui()
  const fresh = items.filter(({ seq, message }) => seq > (item.seenSeq ?? 0) && message?.direction === 'in')
  const send = () => {
    sendAnyway(item.clientId)
    onDone()
  }
  useShortcut('sendAndClose', send)
  return (
    <section className="held" aria-label={t`Held back`}>
      <p className="font-medium" role="status">
        <Plural
          value={fresh.length}
          one="Not sent yet. New since you started:"
          other="Not sent yet. # are new since you started:"
        />
      </p>
      {fresh.slice(-quoted).map(({ seq, message }) => (
        <blockquote key={seq} dir="auto" className="held-quote">
          {message?.file?.name ?? message?.body}
        </blockquote>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="small" variant="primary" keys={keysFor('sendAndClose')} onPress={send}>
          {t`Send anyway`}
        </Button>
        <Button
          size="small"
          onPress={() => {
            edit(item)
            onDone()
          }}
        >
          <Trans>Edit</Trans>
        </Button>
        <Button
          size="small"
          onPress={() => {
            drop(item.clientId)
            onDone()
          }}
        >
          <Trans>Drop</Trans>
        </Button>
      </div>
    </section>
  )
}

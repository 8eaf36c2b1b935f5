/** A message on its way to the server, and what the agent can do when it is not taken. */
import { Trans, useLingui } from '@lingui/react/macro'
import { CircleAlert, Clock, StickyNote } from 'lucide-react'
import { setDraft } from '../../live/drafts.ts'
import { drop, type OutboxItem, sendAnyway } from '../../live/outbox.ts'
import { useConnection } from '../../shell/connection.ts'
import { Button } from '../../ui/Button.tsx'
import { Time } from '../../ui/Time.tsx'
import { FileCard } from './Bubble.tsx'

export function PendingBubble({ item }: { item: OutboxItem }) {
  const { t } = useLingui()
  const { state: connection } = useConnection()
  const { clientId, body, files, secret, state, problem } = item
  const edit = () => {
    setDraft(item.interactionId, { text: body, files, mode: secret ? 'note' : 'reply' })
    drop(clientId)
  }
  const isHeld = state === 'held'
  return (
    <div className="said" data-side={secret ? 'note' : 'out'} data-pending>
      {body ? (
        <div className="bubble" dir="auto">
          {secret ? <StickyNote aria-hidden className="bubble-mark" /> : null}
          {body}
        </div>
      ) : null}
      {files.map((file) => (
        <div key={file.id} className="bubble">
          <FileCard file={file} />
        </div>
      ))}
      {state === 'held' || state === 'refused' ? (
        <div className="said-meta" data-tone="bad" role="status">
          <CircleAlert aria-hidden />
          <span>
            {isHeld ? (
              <Trans>Not sent: the customer wrote meanwhile</Trans>
            ) : (
              t`Not sent: ${problem?.detail ?? ''}`
            )}
          </span>
          <Button variant="text" size="small" onPress={() => sendAnyway(clientId)}>
            {isHeld ? t`Send anyway` : t`Try again`}
          </Button>
          <Button variant="text" size="small" onPress={edit}>
            {t`Edit`}
          </Button>
          <Button variant="text" size="small" onPress={() => drop(clientId)}>
            {t`Drop`}
          </Button>
        </div>
      ) : (
        <div className="said-meta">
          <Time value={item.at} style="clock" />
          <Clock aria-hidden />
          {connection === 'offline' ? <Trans>Waits to be sent</Trans> : <Trans>Sending</Trans>}
        </div>
      )}
    </div>
  )
}

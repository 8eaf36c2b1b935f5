/** A message on its way to the server, and what the agent can do when it can never be taken as it is. */
import { Trans, useLingui } from '@lingui/react/macro'
import { CircleAlert, Clock, StickyNote } from 'lucide-react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { putBack } from '../../live/drafts.ts'
import { drop, type OutboxItem, sendAnyway } from '../../live/outbox.ts'
import { useConnection } from '../../shell/connection.ts'
import { Button } from '../../ui/Button.tsx'
import { timeOfDay } from '../../ui/time.ts'
import { FileCard } from './FileCard.tsx'

export function PendingBubble({ item }: { item: OutboxItem }) {
  const { body, files, secret } = item
  return (
    <div className="said" data-side={secret ? 'note' : 'out'} data-pending>
      {body ? (
        <div className="bubble">
          <div dir="auto">
            {secret ? <StickyNote aria-hidden className="bubble-mark" /> : null}
            {body}
          </div>
        </div>
      ) : null}
      {files.map((file) => (
        <div key={file.id} className="bubble">
          <FileCard file={file} />
        </div>
      ))}
      {item.state === 'refused' ? <Refused item={item} /> : <OnItsWay item={item} />}
    </div>
  )
}

function OnItsWay({ item }: { item: OutboxItem }) {
  const { i18n } = useLingui()
  const { state: connection } = useConnection()
  return (
    <div className="said-meta">
      <time dateTime={item.at}>{timeOfDay(Date.parse(item.at), i18n.locale)}</time>
      <Clock aria-hidden />
      {item.state === 'held' ? (
        <Trans>Held back</Trans>
      ) : connection === 'offline' ? (
        <Trans>Waits to be sent</Trans>
      ) : (
        <Trans>Sending</Trans>
      )}
    </div>
  )
}

function Refused({ item }: { item: OutboxItem }) {
  const { t } = useLingui()
  const words = useProblem()
  const { clientId, problem } = item
  const reason = problem ? words(new ApiError(400, problem)) : ''
  return (
    <div className="said-meta" data-tone="bad" role="status">
      <CircleAlert aria-hidden />
      <span>{t`Not sent: ${reason}`}</span>
      <Button variant="text" size="small" onPress={() => sendAnyway(clientId)}>
        {t`Try again`}
      </Button>
      <Button variant="text" size="small" onPress={() => edit(item)}>
        {t`Edit`}
      </Button>
      <Button variant="text" size="small" onPress={() => drop(clientId)}>
        {t`Drop`}
      </Button>
    </div>
  )
}

/** Takes it back into the composer, before what is being written there. */
export function edit({ clientId, interactionId, body, files, secret }: OutboxItem): void {
  putBack(interactionId, { text: body, files, mode: secret ? 'note' : 'reply' })
  drop(clientId)
}

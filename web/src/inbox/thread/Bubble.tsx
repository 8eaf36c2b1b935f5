/** One message: text or file, and below the last of a group who, when, and what became of it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { File as Attached } from '@patchbay/protocol/api/interactions.ts'
import { useMutation } from '@tanstack/react-query'
import { Check, CheckCheck, CircleAlert, Clock, File, Image, RotateCw, StickyNote } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Name } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toast.tsx'
import { sizeOf } from '../size.ts'
import type { MessageItem } from './entries.ts'
import { linked } from './text.tsx'

export const Bubble = memo(function Bubble({ item, endsGroup }: { item: MessageItem; endsGroup: boolean }) {
  const { message } = item
  const side = item.type === 'note' ? 'note' : message.direction
  return (
    <div className="said" data-side={side}>
      <div className="bubble" dir="auto">
        {side === 'note' ? <StickyNote aria-hidden className="bubble-mark" /> : null}
        {message.file ? <FileCard file={message.file} /> : linked(message.body)}
      </div>
      {endsGroup ? <Meta item={item} /> : null}
    </div>
  )
})

function Meta({ item }: { item: MessageItem }) {
  const me = useMe()
  const { message, user, at } = item
  const who = user === null ? message.sentBy : user.id === me.id ? null : user.fullname
  return (
    <div className="said-meta" data-tone={message.status === 'failed' ? 'bad' : undefined}>
      {message.direction === 'out' ? <Author name={who} isNote={item.type === 'note'} /> : null}
      <Time value={at} style="clock" />
      {message.direction === 'out' && item.type !== 'note' ? <Status item={item} /> : null}
    </div>
  )
}

function Author({ name, isNote }: { name: string | null; isNote: boolean }) {
  return (
    <>
      {name === null ? null : <Name>{name}</Name>}
      {name !== null && isNote ? ' · ' : null}
      {isNote ? <Trans>note</Trans> : null}
      {name !== null || isNote ? ' · ' : null}
    </>
  )
}

/** The tick and its word: the word is what is read. */
function Status({ item: { message } }: { item: MessageItem }) {
  const { t } = useLingui()
  const words: Record<string, [icon: ReactNode, word: string]> = {
    queued: [<Clock aria-hidden key="i" />, t`Sending`],
    sending: [<Clock aria-hidden key="i" />, t`Sending`],
    sent: [<Check aria-hidden key="i" />, t`Sent`],
    delivered: [<CheckCheck aria-hidden key="i" />, t`Delivered`],
    read: [<CheckCheck aria-hidden key="i" className="text-accent-text" />, t`Read`],
  }
  if (message.status === 'failed') return <Failed messageId={message.id} reason={message.statusReason} />
  if (message.status === 'retrying') {
    return (
      <>
        <RotateCw aria-hidden />
        {message.nextAttemptAt === null ? (
          <Trans>Retrying</Trans>
        ) : (
          <Trans>
            Retrying at <Time value={message.nextAttemptAt} style="clock" />
          </Trans>
        )}
        {message.statusReason ? <span> · {message.statusReason}</span> : null}
      </>
    )
  }
  const [icon, word] = words[message.status] ?? [null, '']
  return (
    <>
      {icon}
      {word}
    </>
  )
}

function Failed({ messageId, reason }: { messageId: number; reason: string | null }) {
  const { t } = useLingui()
  const problem = useProblem()
  const retry = useMutation({
    mutationFn: () => api('POST /api/openchannel/messages/:id/retry', { params: { id: messageId } }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <>
      <CircleAlert aria-hidden />
      <span>{reason ? t`Not delivered: ${reason}` : t`Not delivered`}</span>
      <Button variant="text" size="small" isPending={retry.isPending} onPress={() => retry.mutate()}>
        {t`Retry`}
      </Button>
    </>
  )
}

export function FileCard({ file }: { file: Attached }) {
  const { t } = useLingui()
  const { name, type, sizeBytes, gone } = file
  const href = `/api/attachments/${file.id}/download`
  if (gone) {
    return (
      <span className="file" data-gone>
        <File aria-hidden />
        <span className="min-w-0">
          <span className="block truncate">{name}</span>
          <span className="text-small text-text-2">
            <Trans>The file is gone: its time is over</Trans>
          </span>
        </span>
      </span>
    )
  }
  const isImage = /^image\/(?:png|jpeg|gif|webp)$/.test(type)
  return (
    <>
      {isImage ? (
        <a href={`${href}?inline=true`} target="_blank" rel="noreferrer" className="file-picture">
          <img src={`${href}?inline=true`} alt={name} loading="lazy" decoding="async" />
        </a>
      ) : null}
      <a className="file" href={href} download={name} aria-label={t`Download ${name}`}>
        {isImage ? <Image aria-hidden /> : <File aria-hidden />}
        <span className="min-w-0">
          <bdi className="block truncate font-medium">{name}</bdi>
          <span className="text-small text-text-2">{sizeOf(sizeBytes)}</span>
        </span>
      </a>
    </>
  )
}

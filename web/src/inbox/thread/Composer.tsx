/** Where an answer or a note is written: its draft belongs to one interaction and is never lost. */
import './composer.css'
import { Trans, useLingui } from '@lingui/react/macro'
import { Send, StickyNote } from 'lucide-react'
import { type KeyboardEvent, lazy, memo, Suspense, useEffect, useRef, useState } from 'react'
import { changeDraft, isEmpty, useDraft } from '../../live/drafts.ts'
import { outbox } from '../../live/outbox.ts'
import type { LiveThread } from '../../live/reduce.ts'
import { useLive } from '../../live/store.ts'
import { useUploads } from '../../live/uploads.ts'
import { usePreferences } from '../../shell/preferences.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { patient } from '../../ui/patient.ts'
import { Segments } from '../../ui/Segments.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useFocusWish } from '../focus.ts'
import { AnswerRule } from './AnswerTime.tsx'
import { FilePicker } from './FilePicker.tsx'
import { NoReply } from './NoReply.tsx'
import { Typists } from './Typists.tsx'
import { UploadList } from './UploadList.tsx'
import { useFiles } from './useFiles.ts'
import { useSend } from './useSend.ts'
import { useTyping } from './useTyping.ts'
import { useWindow } from './useWindow.ts'

const loadHeld = () => import('./Held.tsx')
const Held = lazy(patient(loadHeld))
/** So long after the composer, when nothing else is to do. */
const warmAfterMs = 1_500

interface ComposerProps {
  interactionId: number
  accountId: number
  /** What the contact is called. */
  customer: string
  /** Until it is there one answers what the list shows. */
  thread: LiveThread | undefined
  /** After send and close. */
  onClose: (isOpen: boolean) => void
  /** After send and next. */
  onNext: (id: number) => void
  onLeave: () => void
}

export function Composer({
  interactionId,
  accountId,
  customer,
  thread,
  onClose,
  onNext,
  onLeave,
}: ComposerProps) {
  const { t } = useLingui()
  const canReply = thread?.canReply ?? true
  // Until it is known the server says so.
  const fileLimitBytes = thread?.fileLimitBytes ?? Number.POSITIVE_INFINITY
  const draft = useDraft(interactionId)
  const uploads = useUploads(interactionId)
  const held = outbox.use().find((item) => item.interactionId === interactionId && item.state === 'held')
  const { sendWith } = usePreferences()
  // There before it is needed: without a network it could not be fetched.
  useEffect(() => {
    const timer = setTimeout(loadHeld, warmAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const box = useRef<HTMLTextAreaElement>(null)
  const [isDragged, setDragged] = useState(false)
  const typing = useTyping(interactionId)
  const take = useFiles(interactionId, fileLimitBytes)
  const answerTime = useWindow(thread?.window)
  const isOver = answerTime.state === 'over'
  const mayReply = canReply && !isOver
  // An answer that was begun in time stays what it is, and does not turn into a note by itself.
  const isLate = canReply && isOver && draft.mode === 'reply' && !isEmpty(draft)
  const mode = mayReply || isLate ? draft.mode : 'note'
  const isNote = mode === 'note'
  // What is answered must have been on screen: where there is more, the server holds the answer back.
  const listed = useLive(({ rows }) => rows.get(interactionId)?.seq)
  const seq = thread?.seq ?? listed
  const sendNow = useSend({ interactionId, draft, isNote, uploads, seq })
  const send = () => !isLate && sendNow()
  const focus = useHandler(() => box.current?.focus())
  useFocusWish('composer', interactionId, focus)

  const focusAs = useHandler((to: 'reply' | 'note') => {
    changeDraft(interactionId, (before) => ({ ...before, mode: to }))
    focus()
  })
  const press = useHandler(() => {
    send()
    focus()
  })
  useShortcut('reply', () => focusAs('reply'), mayReply)
  useShortcut('note', () => focusAs('note'))
  const isModFree = sendWith === 'enter'
  useShortcut('sendAndClose', () => send() && onClose(true), isModFree && !held)
  useShortcut('sendAndNext', () => send() && onNext(interactionId), isModFree)

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      onLeave()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
    const hasMod = event.metaKey || event.ctrlKey
    if (hasMod !== (sendWith === 'mod+enter')) return
    event.preventDefault()
    send()
  }

  return (
    // Dropping is a convenience beside the button that picks files.
    <section
      className="composer-frame"
      aria-label={t`Write`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDragged(true)
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDragged(false)
        take(event.dataTransfer.files)
      }}
    >
      <div className="composer-modes">
        <Modes mode={mode} canReply={mayReply} onSelect={focusAs} />
        <Typists key={interactionId} id={interactionId} customer={customer} />
      </div>
      {canReply ? <AnswerRule at={answerTime} /> : <NoReply accountId={accountId} />}
      <Suspense>
        {held && thread ? <Held key={held.clientId} item={held} items={thread.items} onDone={focus} /> : null}
      </Suspense>
      <div className="composer" data-note={isNote || undefined} data-over={isDragged || undefined}>
        <UploadList interactionId={interactionId} files={draft.files} uploads={uploads} />
        <textarea
          // Of its own for each interaction: what can be undone in it, its caret and a half-composed word stay with it.
          key={interactionId}
          ref={box}
          dir="auto"
          rows={2}
          aria-label={isNote ? t`Private note` : t`Reply`}
          placeholder={isNote ? t`Write a note that only colleagues see` : t`Write a reply`}
          value={draft.text}
          onChange={({ target }) => {
            changeDraft(interactionId, (before) => ({ ...before, mode, text: target.value }))
            typing()
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return
            event.preventDefault()
            take(event.clipboardData.files)
          }}
        />
        <div className="composer-foot">
          <FilePicker interactionId={interactionId} limitBytes={fileLimitBytes} />
          <span className="composer-hint">
            {isEmpty(draft) ? null : <Trans>Draft saved</Trans>}
            <span className="fine-only">
              <Kbd keys={sendWith} /> <Trans>sends</Trans>
            </span>
          </span>
          <SendButton
            isNote={isNote}
            isDisabled={isEmpty(draft) || isLate || seq === undefined}
            onPress={press}
          />
        </div>
      </div>
    </section>
  )
}

const Modes = memo(function Modes({
  mode,
  canReply,
  onSelect,
}: {
  mode: 'reply' | 'note'
  canReply: boolean
  onSelect: (to: 'reply' | 'note') => void
}) {
  const { t } = useLingui()
  return (
    <Segments
      label={t`What to write`}
      selected={mode}
      onSelect={onSelect}
      items={[
        { id: 'reply', label: t`Reply`, isDisabled: !canReply },
        { id: 'note', label: t`Private note`, icon: <StickyNote aria-hidden /> },
      ]}
    />
  )
})

const SendButton = memo(function SendButton({
  isNote,
  ...button
}: {
  isNote: boolean
  isDisabled: boolean
  onPress: () => void
}) {
  const { t } = useLingui()
  return (
    <Button variant="primary" iconEnd={<Send aria-hidden className="flip-rtl" />} {...button}>
      {isNote ? t`Add note` : t`Send`}
    </Button>
  )
})

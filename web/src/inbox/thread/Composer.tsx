/** Where an answer or a note is written: its draft belongs to one interaction and is never lost. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Paperclip, Send, StickyNote } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { isEmpty, setDraft, useDraft } from '../../live/drafts.ts'
import { put } from '../../live/outbox.ts'
import { usePreferences } from '../../shell/preferences.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { Segments } from '../../ui/Tabs.tsx'
import { toast } from '../../ui/Toast.tsx'
import { sizeOf } from '../size.ts'
import { UploadList } from './UploadList.tsx'
import { upload, useUploads, usualLimitBytes } from './uploads.ts'
import { useTyping } from './useTyping.ts'

interface ComposerProps {
  interactionId: number
  /** The newest seq that the writer can have seen. */
  seq: number
  /** Why only notes can be written; null: answers too. */
  noReply: React.ReactNode
  onClose: () => void
  onNext: () => void
}

export function Composer({ interactionId, seq, noReply, onClose, onNext }: ComposerProps) {
  const { t } = useLingui()
  const draft = useDraft(interactionId)
  const uploads = useUploads(interactionId)
  const { sendWith } = usePreferences()
  const box = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const typing = useTyping(interactionId)
  const mode = noReply ? 'note' : draft.mode
  const isNote = mode === 'note'
  const set = (to: Partial<typeof draft>) => setDraft(interactionId, { ...draft, ...to })

  // What the writer has seen is what stood there when he began: a later message holds the send back.
  const seen = useRef(seq)
  const hasText = !isEmpty(draft)
  useEffect(() => {
    if (!hasText) seen.current = seq
  }, [hasText, seq])

  const focusAs = (to: 'reply' | 'note') => {
    set({ mode: to })
    box.current?.focus()
  }
  useShortcut('reply', () => focusAs('reply'), !noReply)
  useShortcut('note', () => focusAs('note'))

  const isBusy = uploads.length > 0
  const send = (): boolean => {
    if (isEmpty(draft)) return false
    if (isBusy) {
      toast(t`A file is still on its way up`, { tone: 'warn' })
      return false
    }
    put({
      interactionId,
      body: draft.text.trim(),
      files: draft.files,
      secret: isNote,
      seenSeq: isNote ? null : seen.current,
    })
    setDraft(interactionId, { text: '', files: [], mode: draft.mode })
    return true
  }
  const take = (files: Iterable<File>) => {
    const all = [...files]
    const fits = all.filter(({ size }) => size > 0 && size <= usualLimitBytes)
    for (const file of all) {
      if (file.size > usualLimitBytes) {
        toast(t`${file.name} is larger than ${sizeOf(usualLimitBytes)}`, { tone: 'bad' })
      } else if (file.size === 0) toast(t`${file.name} is empty`, { tone: 'bad' })
    }
    upload(interactionId, fits)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    const isMod = event.metaKey || event.ctrlKey
    if (isMod && sendWith === 'enter') {
      event.preventDefault()
      if (send()) event.shiftKey ? onNext() : onClose()
    } else if (!event.shiftKey && isMod === (sendWith === 'mod+enter')) {
      event.preventDefault()
      send()
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    take(event.clipboardData.files)
  }

  return (
    // Dropping is a convenience beside the button that picks files.
    <section
      className="composer-frame"
      aria-label={t`Write`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <div className="composer-modes">
        <Segments
          label={t`What to write`}
          selected={mode}
          onSelect={(to) => focusAs(to)}
          items={[
            { id: 'reply', label: t`Reply`, isDisabled: Boolean(noReply) },
            { id: 'note', label: t`Private note`, icon: <StickyNote aria-hidden /> },
          ]}
        />
      </div>
      {noReply}
      <div className="composer" data-note={isNote || undefined} data-over={isOver || undefined}>
        <UploadList
          files={draft.files}
          uploads={uploads}
          onRemove={(id) => set({ files: draft.files.filter((file) => file.id !== id) })}
        />
        <textarea
          ref={box}
          dir="auto"
          rows={2}
          aria-label={isNote ? t`Private note` : t`Reply`}
          placeholder={isNote ? t`Write a note that only colleagues see` : t`Write a reply`}
          value={draft.text}
          onChange={({ target }) => {
            set({ text: target.value })
            typing()
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <div className="composer-foot">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={({ target }) => {
              take(target.files ?? [])
              target.value = ''
            }}
          />
          <IconButton
            label={t`Attach files`}
            icon={<Paperclip aria-hidden />}
            variant="quiet"
            onPress={() => picker.current?.click()}
          />
          <span className="composer-hint">
            {hasText ? <Trans>Draft saved</Trans> : null}
            <span className="fine-only">
              <Kbd keys={sendWith} /> <Trans>sends</Trans>
            </span>
          </span>
          <Button
            variant="primary"
            iconEnd={<Send aria-hidden />}
            isDisabled={isEmpty(draft) || isBusy}
            onPress={() => {
              send()
              box.current?.focus()
            }}
          >
            {isNote ? t`Add note` : t`Send`}
          </Button>
        </div>
      </div>
    </section>
  )
}

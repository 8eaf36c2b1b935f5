/** Sending what is written: into the outbox, with what the writer had seen when he began. */
import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { changeDraft, type Draft, isEmpty } from '../../live/drafts.ts'
import { put } from '../../live/outbox.ts'
import type { Upload } from '../../live/uploads.ts'
import { toast } from '../../ui/Toast.tsx'

interface Writing {
  interactionId: number
  draft: Draft
  isNote: boolean
  uploads: readonly Upload[]
  /** The newest seq on screen, in the thread or in the list; undefined while nothing is. */
  seq: number | undefined
}

/** Answers whether there was something that could be sent. */
export function useSend({ interactionId, draft, isNote, uploads, seq }: Writing): () => boolean {
  const { t } = useLingui()
  // What stands there when he begins is what he answers: a later message of the customer holds the answer back.
  const seen = useRef({ id: interactionId, seq })
  const hasBegun = !isEmpty(draft)
  useEffect(() => {
    const { id, seq: before } = seen.current
    if (!hasBegun || id !== interactionId || before === undefined) seen.current = { id: interactionId, seq }
  }, [hasBegun, interactionId, seq])
  return () => {
    const { id, seq: before } = seen.current
    const seenSeq = (id === interactionId ? before : undefined) ?? seq
    if (isEmpty(draft)) return false
    if (seenSeq === undefined) {
      toast(t`The conversation is still being fetched`, { tone: 'warn' })
      return false
    }
    if (uploads.length > 0) {
      const hasFailed = uploads.some(({ problem }) => problem !== null)
      toast(
        hasFailed ? t`A file did not get up. Try it again or take it out.` : t`A file is still on its way up`,
        { tone: 'warn' },
      )
      return false
    }
    put({
      interactionId,
      body: draft.text.trim(),
      files: draft.files,
      secret: isNote,
      seenSeq: isNote ? null : seenSeq,
    })
    changeDraft(interactionId, ({ mode }) => ({ text: '', files: [], mode }))
    return true
  }
}

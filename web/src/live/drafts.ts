/** What was written and not sent, by interaction: never shown in another. */
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { isRecord, stored } from './stored.ts'

export interface Draft {
  text: string
  mode: 'reply' | 'note'
  /** Files whose upload is done. */
  files: readonly Attached[]
}

export const noDraft: Draft = { text: '', mode: 'reply', files: [] }

export const drafts = stored<Readonly<Record<string, Draft>>>('drafts', {}, (value) =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).filter(isEntry)) : {},
)

function isEntry(entry: [string, unknown]): entry is [string, Draft] {
  const [, draft] = entry
  return (
    isRecord(draft) &&
    typeof draft.text === 'string' &&
    (draft.mode === 'reply' || draft.mode === 'note') &&
    Array.isArray(draft.files)
  )
}

export function isEmpty({ text, files }: Draft): boolean {
  return text.trim() === '' && files.length === 0
}

export function changeDraft(interactionId: number, change: (draft: Draft) => Draft): void {
  drafts.set((all) => {
    const before = all[interactionId]
    const draft = change(before ?? noDraft)
    if (draft === before) return all
    const { [interactionId]: _, ...others } = all
    return isEmpty(draft) && draft.mode === 'reply' ? others : { ...others, [interactionId]: draft }
  })
}

/** Puts words and files before what is being written, which stays. */
export function putBack(interactionId: number, { text, files, mode }: Draft): void {
  changeDraft(interactionId, (draft) =>
    isEmpty(draft)
      ? { text, files, mode }
      : {
          ...draft,
          text: [text, draft.text].filter((one) => one.trim() !== '').join('\n\n'),
          files: [...files, ...draft.files],
        },
  )
}

export function useDraft(interactionId: number): Draft {
  return drafts.use()[interactionId] ?? noDraft
}

/** What was written and not sent, by interaction: never shown in another. */
import type { File as Attached } from '@patchbay/protocol/api/interactions.ts'
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
  return isRecord(draft) && typeof draft.text === 'string' && Array.isArray(draft.files)
}

export function isEmpty({ text, files }: Draft): boolean {
  return text.trim() === '' && files.length === 0
}

export function setDraft(interactionId: number, draft: Draft): void {
  drafts.set((all) => {
    const { [interactionId]: _, ...others } = all
    return isEmpty(draft) && draft.mode === 'reply' ? others : { ...others, [interactionId]: draft }
  })
}

export function useDraft(interactionId: number): Draft {
  return drafts.use()[interactionId] ?? noDraft
}

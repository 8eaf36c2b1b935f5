/** Which interaction comes after the open one in the list as it is shown. Remembered, because closing takes the open one out of it. */
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'

let shown: readonly InboxRow[] = []
let last: { id: number; next: number | undefined } | null = null

export function remember(list: readonly InboxRow[], openId: number | undefined): void {
  shown = list
  const at = list.findIndex(({ id }) => id === openId)
  if (openId !== undefined && at >= 0) last = { id: openId, next: (list[at + 1] ?? list[at - 1])?.id }
}

/** undefined: nothing else is in the list. */
export function neighbourOf(id: number): number | undefined {
  const next = last?.id === id ? last.next : undefined
  if (next !== undefined && shown.some((row) => row.id === next)) return next
  return shown.find((row) => row.id !== id)?.id
}

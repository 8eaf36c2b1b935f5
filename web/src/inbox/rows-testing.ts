/** Rows and items for tests. */
import type { InboxRow, ThreadItem } from '@patchbay/protocol/api/interactions.ts'

export const at = (second: number): string => new Date(1_800_000_000_000 + second * 1000).toISOString()

export function row(id: number, fields: Partial<InboxRow> = {}): InboxRow {
  return {
    id,
    seq: 1,
    account: { id: 1, name: 'Shop' },
    contact: { id, name: `Contact ${id}` },
    state: 'assigned',
    user: { id: 7, fullname: 'Marta' },
    queue: null,
    preview: '',
    lastDirection: 'in',
    lastMessageAt: at(id),
    waitingSince: null,
    assignedAt: at(id),
    unread: 0,
    tags: [],
    failed: false,
    createdAt: at(0),
    closedAt: null,
    ...fields,
  }
}

export function said(
  seq: number,
  message: Partial<NonNullable<ThreadItem['message']>> = {},
  fields: Partial<ThreadItem> = {},
): ThreadItem {
  return {
    seq,
    at: at(seq),
    type: 'message',
    user: null,
    message: {
      id: seq,
      direction: 'in',
      body: `message ${seq}`,
      file: null,
      editedAt: null,
      deletedAt: null,
      reactions: [],
      elsewhere: false,
      sentBy: null,
      clientId: null,
      writtenAt: null,
      status: 'received',
      statusReason: null,
      nextAttemptAt: null,
      deliveryId: null,
      ...message,
    },
    ...fields,
  }
}

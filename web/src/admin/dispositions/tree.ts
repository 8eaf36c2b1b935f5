/** Dispositions as a tree: which stand where, and what a move means to the server. */
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'

export interface Branch {
  row: Disposition
  below: Branch[]
}

/** `rows` as the server orders them: parents before children. */
export function toTree(rows: readonly Disposition[]): Branch[] {
  const byId = new Map<number, Branch>(rows.map((row) => [row.id, { row, below: [] }]))
  const roots: Branch[] = []
  for (const branch of byId.values()) {
    const parent = byId.get(branch.row.parentId ?? 0)
    if (parent) parent.below.push(branch)
    else roots.push(branch)
  }
  return roots
}

/** It and what stands below it, at any depth. */
export function ownIds(rows: readonly Disposition[], id: number | undefined): number[] {
  const below = rows.filter((row) => id !== undefined && row.parentId === id)
  return id === undefined ? [] : [id, ...below.flatMap((row) => ownIds(rows, row.id))]
}

export type Place = Pick<Disposition, 'parentId'> &
  Partial<Pick<Disposition, 'position' | 'listId' | 'accountId' | 'queueId'>>

/** Where `row` goes when it is dropped on a line, or before or after it. */
export function placeAt(row: Disposition, target: Disposition, place: 'before' | 'after' | 'on'): Place {
  if (place === 'on') return { parentId: target.id }
  const { listId, accountId, queueId, parentId } = target
  const isSamePlace =
    row.parentId === parentId &&
    row.listId === listId &&
    row.accountId === accountId &&
    row.queueId === queueId
  // What stands before it moves up when it is taken out.
  const gap = isSamePlace && row.position < target.position ? 1 : 0
  const position = target.position + (place === 'after' ? 1 : 0) - gap
  return parentId === null ? { parentId, position, listId, accountId, queueId } : { parentId, position }
}

export type ScopeKind = 'global' | 'list' | 'account' | 'queue'

export function scopeOf({
  listId,
  accountId,
  queueId,
}: Pick<Disposition, 'listId' | 'accountId' | 'queueId'>): {
  kind: ScopeKind
  id: number
} {
  if (listId !== null) return { kind: 'list', id: listId }
  if (accountId !== null) return { kind: 'account', id: accountId }
  return queueId === null ? { kind: 'global', id: 0 } : { kind: 'queue', id: queueId }
}

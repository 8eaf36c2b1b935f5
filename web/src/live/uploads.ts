/** Files on their way up, by interaction: they go on while another interaction is shown. */
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { useMemo, useSyncExternalStore } from 'react'
import { ApiError } from '../api/api.ts'
import { changeDraft } from './drafts.ts'
import { isRecord } from './stored.ts'

export interface Upload {
  key: string
  interactionId: number
  name: string
  /** 0 to 1. */
  progress: number
  problem: ApiError | null
  file: File
}

let uploads: readonly Upload[] = []
let count = 0
const requests = new Map<string, XMLHttpRequest>()
const listeners = new Set<() => void>()

function set(next: readonly Upload[]): void {
  uploads = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(key: string, to: Partial<Upload>): void {
  set(uploads.map((upload) => (upload.key === key ? { ...upload, ...to } : upload)))
}

export function useUploads(interactionId: number): readonly Upload[] {
  const all = useSyncExternalStore(subscribe, () => uploads)
  return useMemo(() => all.filter((upload) => upload.interactionId === interactionId), [all, interactionId])
}

export function upload(interactionId: number, files: Iterable<File>): void {
  for (const file of files) {
    const key = String(count++)
    set([...uploads, { key, interactionId, name: file.name, progress: 0, problem: null, file }])
    start(key)
  }
}

export function cancelUpload(key: string): void {
  requests.get(key)?.abort()
  requests.delete(key)
  set(uploads.filter((upload) => upload.key !== key))
}

/** When the user leaves: what arrived later would stand in the next one's drafts. */
export function cancelUploads(): void {
  for (const { key } of uploads) cancelUpload(key)
}

export function retryUpload(key: string): void {
  change(key, { problem: null, progress: 0 })
  start(key)
}

// XMLHttpRequest, since fetch does not tell how far an upload is.
function start(key: string): void {
  const one = uploads.find((upload) => upload.key === key)
  if (!one) return
  const request = new XMLHttpRequest()
  requests.set(key, request)
  request.responseType = 'json'
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    change(key, { progress: total > 0 ? loaded / total : 1 }),
  )
  request.addEventListener('load', () => {
    requests.delete(key)
    const answer: unknown = request.response
    if (request.status === 201) done(one, answer as Attached)
    else change(key, { problem: new ApiError(request.status, isRecord(answer) ? answer : {}) })
  })
  request.addEventListener('error', () => {
    requests.delete(key)
    change(key, { problem: new ApiError(0, {}) })
  })
  const body = new FormData()
  body.append('file', one.file, one.name)
  request.open('POST', '/api/attachments')
  request.send(body)
}

function done({ key, interactionId }: Upload, { id, name, type, sizeBytes }: Attached): void {
  set(uploads.filter((upload) => upload.key !== key))
  const file = { id, name, type, sizeBytes, gone: false }
  changeDraft(interactionId, (draft) => ({ ...draft, files: [...draft.files, file] }))
}

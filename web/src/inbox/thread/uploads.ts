/** Files on their way up, by interaction: they go on while another interaction is shown. */
import type { File as Attached } from '@patchbay/protocol/api/interactions.ts'
import { useSyncExternalStore } from 'react'
import { drafts, noDraft, setDraft } from '../../live/drafts.ts'

export interface Upload {
  key: string
  interactionId: number
  name: string
  sizeBytes: number
  /** 0 to 1. */
  progress: number
  problem: string | null
  file: File
}

/** What an installation takes unless it says otherwise; the server has the last word. */
export const usualLimitBytes = 25_000_000

let uploads: readonly Upload[] = []
const requests = new Map<string, XMLHttpRequest>()
const listeners = new Set<() => void>()

function set(next: readonly Upload[]): void {
  uploads = next
  for (const listener of listeners) listener()
}

function change(key: string, to: Partial<Upload>): void {
  set(uploads.map((upload) => (upload.key === key ? { ...upload, ...to } : upload)))
}

export function useUploads(interactionId: number): readonly Upload[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => uploads,
  )
  return all.filter((upload) => upload.interactionId === interactionId)
}

export function upload(interactionId: number, files: Iterable<File>): void {
  for (const file of files) {
    const key = crypto.randomUUID()
    const { name, size: sizeBytes } = file
    set([...uploads, { key, interactionId, name, sizeBytes, progress: 0, problem: null, file }])
    start(key)
  }
}

export function cancelUpload(key: string): void {
  requests.get(key)?.abort()
  requests.delete(key)
  set(uploads.filter((upload) => upload.key !== key))
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
    change(key, { progress: loaded / total }),
  )
  request.addEventListener('load', () => {
    requests.delete(key)
    if (request.status === 201) done(one, request.response as Attached)
    else change(key, { problem: detailOf(request.response) ?? `HTTP ${request.status}` })
  })
  request.addEventListener('error', () => {
    requests.delete(key)
    change(key, { problem: 'offline' })
  })
  const body = new FormData()
  body.append('file', one.file, one.name)
  request.open('POST', '/api/attachments')
  request.send(body)
}

function done({ key, interactionId }: Upload, file: Attached): void {
  set(uploads.filter((upload) => upload.key !== key))
  const draft = drafts.get()[interactionId] ?? noDraft
  const { id, name, type, sizeBytes } = file
  setDraft(interactionId, { ...draft, files: [...draft.files, { id, name, type, sizeBytes, gone: false }] })
}

function detailOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('detail' in response)) return undefined
  return typeof response.detail === 'string' ? response.detail : undefined
}

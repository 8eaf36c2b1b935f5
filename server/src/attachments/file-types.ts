/** What a file is, by its bytes: what a sender says of it counts for nothing. */
import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'

/** The only types that a browser may show in place; anything else, a page or a drawing with script in it, is downloaded. */
const shownInPlace = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'video/mp4',
  'audio/ogg',
  'video/ogg',
  'audio/mpeg',
])

export function isShownInPlace(type: string): boolean {
  return shownInPlace.has(type)
}

const OTHERWISE = 'application/octet-stream'
const SAMPLE_BYTES = 4096

export async function detectType(path: string): Promise<string> {
  // A file made to confuse the detector is a file of no known type.
  const detected = await fileTypeFromFile(path).catch(() => undefined)
  const type = detected?.mime.split(';')[0]
  return type ?? ((await looksLikeText(path)) ? 'text/plain' : OTHERWISE)
}

async function looksLikeText(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0)
    const sample = buffer.subarray(0, bytesRead)
    // A character may be cut at the end of the sample.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, {
      stream: bytesRead === SAMPLE_BYTES,
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not hold
    return !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text)
  } catch {
    return false
  } finally {
    await file.close()
  }
}

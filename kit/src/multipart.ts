// Reads multipart bodies as a stream: fields are gathered, files are handed on as they come.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import type { ProblemCode } from '@patchbay/protocol/problem.ts'
import { jsonLimits } from './json.ts'
import { watchPace } from './pace.ts'
import { Refusal } from './refusal.ts'

export interface FilePart {
  field: string
  /** As the sender wrote it, path and all; undefined when the part has none. */
  name: string | undefined
  bytes: Readable
  /** To be asked when the bytes have ended: there were more than `fileBytes`, and those were left out. */
  isCut(): boolean
}

export interface MultipartOptions {
  fileBytes: number
  /** Of all fields together. */
  fieldsBytes?: number
  /** Codes of the refusals, where a route has its own. */
  codes?: { unreadable: ProblemCode; tooLarge: ProblemCode }
  /** Must read all bytes of the file. A refusal that it throws ends the reading. */
  onFile(file: FilePart): Promise<void>
}

const usualCodes = { unreadable: 'GE-101', tooLarge: 'GE-106' } as const
const FIELD_BYTES = jsonLimits.stringBytes
const MAX_FIELDS = jsonLimits.keys
const MAX_FILES = 20
const HEADER_BYTES = 8 * 1024
const DRAIN_WITHIN_MS = 10_000

/** Answers the fields in the order in which they came. Rejects with a Refusal for whatever the sender did wrong. */
export async function readMultipart(
  request: IncomingMessage,
  options: MultipartOptions,
): Promise<[name: string, value: string][]> {
  const { fieldsBytes = FIELD_BYTES * MAX_FIELDS, codes = usualCodes } = options
  const contentType = request.headers['content-type'] ?? ''
  if (!/boundary=/i.test(contentType))
    throw new Refusal(codes.unreadable, 'The content type multipart/form-data names no boundary.')
  const parser = createParser(request, contentType, options.fileBytes, codes.unreadable)
  const fields: [string, string][] = []
  let sizeBytes = 0
  const files: Promise<void>[] = []
  const streams: Readable[] = []

  try {
    await new Promise<void>((resolve, reject) => {
      const stopWatching = watchPace(request, () =>
        reject(new Refusal('GE-112', 'The upload is slower than 16 KiB/s.')),
      )
      const finish = (error?: unknown): void => {
        stopWatching()
        if (error === undefined) resolve()
        else reject(error)
      }
      parser.on('field', (name, value) => {
        const bytes = Buffer.byteLength(value)
        sizeBytes += bytes
        if (bytes > FIELD_BYTES)
          finish(new Refusal(codes.unreadable, `The field ${name} is longer than ${FIELD_BYTES / 1024} KiB.`))
        else if (sizeBytes > fieldsBytes)
          finish(new Refusal(codes.tooLarge, `The fields are larger than ${fieldsBytes} bytes.`))
        else if (fields.length >= MAX_FIELDS)
          finish(new Refusal(codes.unreadable, `The form has more than ${MAX_FIELDS} fields.`))
        else fields.push([name, value])
      })
      parser.on('file', (field, stream, name) => {
        streams.push(stream)
        // A body that ends too early is an error of the part before anybody reads it; unheard, it would end the program.
        stream.on('error', () => {})
        const taken = options.onFile(toPart(field, stream, name))
        files.push(taken)
        taken.catch(finish)
      })
      parser.on('filesLimit', () =>
        finish(new Refusal(codes.unreadable, `The form has more than ${MAX_FILES} files.`)),
      )
      parser.on('error', () =>
        finish(new Refusal(codes.unreadable, 'The multipart body is cut off or malformed.')),
      )
      parser.on('finish', () => Promise.all(files).then(() => finish(), finish))
      request.on('aborted', () => finish(new Refusal('GE-113', 'The connection ended before the body did.')))
      request.pipe(parser)
    })
  } catch (error) {
    // What is still to come is read into nothing, so that the sender gets to read the answer; but not for long.
    request.unpipe(parser)
    parser.removeAllListeners('finish').on('error', () => {})
    parser.destroy()
    for (const stream of streams) stream.destroy()
    request.on('error', () => {}).resume()
    setTimeout(() => request.complete || request.destroy(), DRAIN_WITHIN_MS).unref()
    await Promise.allSettled(files)
    throw error
  }
  return fields
}

// What the library says of a boundary that it cannot use is no more than an error.
function createParser(
  request: IncomingMessage,
  contentType: string,
  fileSize: number,
  unreadable: ProblemCode,
): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      preservePath: true,
      // One beyond what is taken, so that a cut is told from a fit.
      limits: {
        fieldSize: FIELD_BYTES + 1,
        fields: MAX_FIELDS + 1,
        files: MAX_FILES,
        fileSize,
        headerSize: HEADER_BYTES,
      },
    })
  } catch {
    throw new Refusal(
      unreadable,
      'The content type multipart/form-data names a boundary that cannot be used.',
    )
  }
}

function toPart(field: string, stream: BusboyFileStream, name: string | undefined): FilePart {
  return { field, name: name || undefined, bytes: stream, isCut: () => stream.truncated }
}

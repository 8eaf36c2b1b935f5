/** Multipart bodies held in memory. A part without a Content-Type must be told from one with text/plain, which parsers of streams do not. */

export interface Part {
  field: string
  fileName?: string
  /** Empty when the part has none. */
  type: string
  bytes: Buffer
}

export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (!boundary) return []
  const parts: Part[] = []
  const line = Buffer.from(`--${boundary}`)
  let start = body.indexOf(line)
  while (start >= 0) {
    const end = body.indexOf(line, start + line.length)
    if (end < 0) break
    // Behind the boundary and before the next one stands a line break that belongs to neither.
    const part = readPart(body.subarray(start + line.length + 2, end - 2))
    if (part) parts.push(part)
    start = end
  }
  return parts
}

function readPart(part: Buffer): Part | undefined {
  const split = part.indexOf('\r\n\r\n')
  if (split < 0) return undefined
  const head = part.subarray(0, split).toString('utf8')
  const disposition = /content-disposition:[^\r\n]*/i.exec(head)?.[0] ?? ''
  const field = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1]
  const fileName = /[;\s]filename="([^"]*)"/i.exec(disposition)?.[1]
  if (field === undefined) return undefined
  return {
    field,
    ...(fileName !== undefined && { fileName }),
    type: /content-type:\s*([^\r\n]*)/i.exec(head)?.[1]?.trim() ?? '',
    bytes: part.subarray(split + 4),
  }
}

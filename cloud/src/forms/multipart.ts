/** A form with one file, as Meta takes uploads: everything else stands in it as JSON. */
import { randomBytes } from 'node:crypto'

export interface FormFile {
  name: string
  /** Never empty: a part without a type is refused, and by words that say something else. */
  type: string
  bytes: Uint8Array
}

export function multipart(
  fields: Readonly<Record<string, unknown>>,
  fileField: string,
  { name, type, bytes }: FormFile,
): { bytes: Buffer; contentType: string } {
  const boundary = `patchbay-${randomBytes(16).toString('hex')}`
  const text = Object.entries(fields).map(
    ([field, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`,
  )
  const fileName = name.replaceAll(/[\r\n"\\/]/g, '_')
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${fileField}"; filename="${fileName}"\r\ncontent-type: ${type || 'application/octet-stream'}\r\n\r\n`
  return {
    bytes: Buffer.concat([Buffer.from(text.join('') + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

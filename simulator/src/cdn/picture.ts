/** Draws PNG pictures: a face for everybody, and something for a customer to send. */
import { crc32, deflateSync } from 'node:zlib'

/** A square in two colours that follow from the name; `size` is its side in pixels. */
export function drawPicture(name: string, size: number): Buffer {
  const seed = crc32(name)
  const ground = shade(seed & 0xff)
  const mark = shade((seed >> 8) & 0xff)
  const radius = size * 0.34
  const rows: Buffer[] = []
  for (let y = 0; y < size; y++) {
    const row = Buffer.alloc(1 + size * 3)
    for (let x = 0; x < size; x++) {
      const isInside = Math.hypot(x - size / 2, y - size / 2) < radius
      row.set(isInside ? mark : ground, 1 + x * 3)
    }
    rows.push(row)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  // Eight bits, three colours, no interlace.
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const shade = (hue: number): [number, number, number] => [
  120 + Math.round(90 * Math.sin((hue / 255) * 6.28)),
  130 + Math.round(80 * Math.sin((hue / 255) * 6.28 + 2.1)),
  140 + Math.round(80 * Math.sin((hue / 255) * 6.28 + 4.2)),
]

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

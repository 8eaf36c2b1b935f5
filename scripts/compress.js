// Lays compressed copies beside the built files of an app, so that serving them costs nothing: `node scripts/compress.js web/dist`.
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)]
const folders = process.argv.slice(2)
if (folders.length === 0) {
  process.stderr.write('Usage: node scripts/compress.js <folder>...\n')
  process.exit(1)
}

// The page itself is made anew for every visitor, and fonts and pictures are compressed already.
for (const folder of folders) {
  for await (const file of glob('**/*.{js,css,svg}', { cwd: folder })) {
    const path = join(folder, file)
    const content = await readFile(path)
    for (const [ending, compressed] of [
      ['br', await brotli(content)],
      ['gz', await zip(content, { level: 9 })],
    ]) {
      if (compressed.length < content.length) await writeFile(`${path}.${ending}`, compressed)
    }
  }
}

// Imported first by every start file, by its place since packages may be missing, in syntax that old versions of Node understand.
import { existsSync } from 'node:fs'

const major = Number(process.versions.node.split('.')[0])
if (!existsSync(new URL('../../node_modules/@patchbay/kit', import.meta.url))) {
  console.error('What Patchbay is made of is not installed yet: run npm ci first.')
  process.exit(1)
}
if (major < 24) {
  console.error(
    `Patchbay needs Node.js 24 or newer, and this is ${process.version}: start it with npm, which brings its own on Linux, or install a newer one.`,
  )
  process.exit(1)
}

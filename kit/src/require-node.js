// Imported first by every start file, in syntax that old versions of Node understand.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Patchbay needs Node.js 24 or newer, and this is ${process.version}: start it with npm, which brings its own on Linux, or install a newer one.`,
  )
  process.exit(1)
}

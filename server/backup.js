// Backs up a running installation: the version of Node is checked before anything that needs it is read.
import '../kit/src/require-node.js'

await import('./src/backup/main.ts')

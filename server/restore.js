// Restores a backup into an empty DATA_DIR: the version of Node is checked before anything that needs it is read.
import '../kit/src/require-node.js'

await import('./src/restore/main.ts')

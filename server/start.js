// Starts the contact centre: the version of Node is checked before anything that needs it is read.
import '../kit/src/require-node.js'
import module from 'node:module'

// Keeps what was compiled for the next start, which halves the time to read the program.
module.enableCompileCache()
await import('./src/main.ts')

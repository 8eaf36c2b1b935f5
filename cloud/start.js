// Starts the cloud: the version of Node is checked before anything that needs it is read.
import '../kit/src/require-node.js'
import module from 'node:module'

module.enableCompileCache()
await import('./src/main.ts')

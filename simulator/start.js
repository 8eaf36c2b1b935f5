// Starts the simulator: the version of Node is checked before anything that needs it is read.
import '@patchbay/kit/require-node.js'

await import('./src/main.ts')

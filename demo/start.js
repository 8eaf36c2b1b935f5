// Starts the demo on a Node that can run it.
import '@patchbay/kit/require-node.js'

await import('./src/main.ts')

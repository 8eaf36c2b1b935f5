// Starts the demo on a Node that can run it.
import '../kit/src/require-node.js'

await import('./src/main.ts')

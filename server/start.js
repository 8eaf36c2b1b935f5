// Starts the contact centre, after a look at the version of Node.
import '@patchbay/kit/require-node.js'

await import('./src/main.ts')

// Runs the benchmarks, all or those named: `npm run bench -- ingest`. They print figures and judge nothing.
import '@patchbay/kit/require-node.js'

const benches = ['boot', 'ingest', 'push', 'delivery', 'desk']

const named = process.argv.slice(2)
const unknown = named.filter((name) => !benches.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${benches.join(', ')}.`)
  process.exit(1)
}
for (const name of named.length > 0 ? named : benches) {
  const { run } = await import(`./${name}.ts`)
  await run()
}

// Runs the benchmarks, all or those named: `npm run bench -- ingest`. They print figures and judge nothing.
// `growth` fills a database for many minutes and runs only when named; a number after it says with how many messages.
import '../../kit/src/require-node.js'

const usual = [
  'boot',
  'ingest',
  'flow',
  'overload',
  'push',
  'sockets',
  'delivery',
  'recovery',
  'desk',
  'offers',
  'relay',
]
const benches = [...usual, 'growth']

const words = process.argv.slice(2)
const count = words.map(Number).find((number) => number > 0)
const named = words.filter((word) => !(Number(word) > 0))
const unknown = named.filter((name) => !benches.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${benches.join(', ')}.`)
  process.exit(1)
}
for (const name of named.length > 0 ? named : usual) {
  const { run } = await import(`./${name}.ts`)
  await run(count)
}

// Loaded into a measured program: on SIGUSR2 it collects its garbage and writes down what it then still uses.
import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

process.on('SIGUSR2', async () => {
  collect()
  // Whatever is let go by finalizers and closing handles goes with the second.
  await new Promise((resume) => setTimeout(resume, 50))
  collect()
  const file = process.env.MEMORY_FILE
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
  renameSync(`${file}.part`, file)
})

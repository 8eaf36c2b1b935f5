/** The program: configuration, the box, listening; and down again. */
import { runProgram } from '@patchbay/kit/lifecycle.ts'
import { readConfig } from './config.ts'
import { startSimulator } from './simulator.ts'

await runProgram(async (resources) => {
  const { publicUrl, ...rest } = readConfig(process.env)
  const simulator = await startSimulator({ ...rest, ...(publicUrl !== undefined && { publicUrl }) })
  resources.defer(() => simulator.close())
  process.stdout.write(
    [
      `The simulator is ready at ${simulator.origin}`,
      `Its app is ${simulator.app.id} with the secret ${simulator.app.secret}.`,
      'Nothing here reaches Facebook.',
      '',
    ].join('\n'),
  )
})

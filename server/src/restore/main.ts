/** `npm run restore -- <backup>`: puts a backup into an empty DATA_DIR. */
import { describeFailure } from '@patchbay/kit/lifecycle.ts'
import { showProgress } from '../backup/progress.ts'
import { readConfig } from '../config.ts'
import { restore } from './restore.ts'

const [folder] = process.argv.slice(2)
if (!folder) {
  process.stderr.write('Usage: npm run restore -- <backup>\n')
  process.exit(1)
}
try {
  const config = readConfig(process.env)
  const { endedAt, messages } = await restore(config, folder, (total) => showProgress('Restore', total))
  process.stdout.write(
    `Restored into ${config.dataDir}: ${messages} messages, as of ${endedAt}. Start with \`npm start\`.\n`,
  )
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exit(1)
}

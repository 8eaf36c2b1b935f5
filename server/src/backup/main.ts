/** `npm run backup -- <folder>`: copies a running installation into a new folder. */
import { describeFailure } from '@patchbay/kit/lifecycle.ts'
import { readConfig } from '../config.ts'
import { backUp } from './backup.ts'
import { showProgress } from './progress.ts'

const [folder] = process.argv.slice(2)
if (!folder) {
  process.stderr.write('Usage: npm run backup -- <folder>\n')
  process.exit(1)
}
try {
  const { hasSecretKey } = await backUp(readConfig(process.env), folder, (total) =>
    showProgress('Backup', total),
  )
  process.stdout.write(`The backup is whole: ${folder}\n`)
  process.stdout.write(
    hasSecretKey
      ? 'Keep it as you keep a password: it holds all messages AND the secret key that opens the tokens and secrets among them.\n'
      : 'The secret key is NOT in it, since SECRET_KEY is set: keep that key yourself, or the backup is of no use.\n',
  )
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exit(1)
}
